import ts from 'typescript'

/** Parses a source file; parents are set. */
export const parse = (code: string, name = 'file.ts') => ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true)

/** Every node below this one for which `test` holds, functions included only when asked for. */
export const find = <T extends ts.Node>(
  node: ts.Node,
  test: (node: ts.Node) => node is T,
  { intoFunctions = true } = {},
): T[] => {
  const found: T[] = []
  const visit = (one: ts.Node) => {
    if (test(one)) found.push(one)
    if (intoFunctions || !ts.isFunctionLike(one)) ts.forEachChild(one, visit)
  }
  visit(node)
  return found
}

/** What a file imports: by statements, calls and types in `import('...')` form. Of a computed name the expression. */
export const specifiersOf = (code: string): string[] => {
  const isModuleName = (node: ts.Node): node is ts.Node => {
    // Only the file itself has none.
    const { parent } = node as { parent?: ts.Node }
    if (!parent) return false
    if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return parent.moduleSpecifier === node
    if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent)
    if (ts.isExternalModuleReference(parent)) return true
    return (
      ts.isCallExpression(parent) &&
      parent.expression.kind === ts.SyntaxKind.ImportKeyword &&
      parent.arguments[0] === node
    )
  }
  return find(parse(code), isModuleName).map((node) => (ts.isStringLiteralLike(node) ? node.text : node.getText()))
}

/** What a file exports by name, and how. */
export interface Exported {
  readonly name: string
  readonly kind: 'type' | 'function' | 'value'
  readonly documented: boolean
}

/** All exports of a file: of a name with overloads one for each of them. */
export const exportsOf = (code: string): Exported[] =>
  parse(code).statements.flatMap((statement): Exported[] => {
    const documented = ts.getJSDocCommentsAndTags(statement).some((doc) => ts.isJSDoc(doc) && Boolean(doc.comment))
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, isTypeOnly } = statement
      if (!exportClause || !ts.isNamedExports(exportClause)) return [{ name: '*', kind: 'value', documented }]
      return exportClause.elements.map((element) => ({
        name: element.name.getText(),
        kind: isTypeOnly || element.isTypeOnly ? 'type' : 'function',
        documented,
      }))
    }
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (!exported) return []
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name, initializer }) => ({
        name: name.getText(),
        kind: initializer && ts.isFunctionLike(initializer) ? 'function' : 'value',
        documented,
      }))
    const name = (statement as ts.DeclarationStatement).name?.getText() ?? 'default'
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
    return [{ name, kind: isType ? 'type' : 'function', documented }]
  })

const mutating = /^(add|clear|copyWithin|delete|fill|pop|push|reverse|set|shift|sort|splice|unshift)$/

/** The names bound in a module's top level whose value can change after the module has loaded. */
export const moduleState = (code: string): string[] => {
  const file = parse(code)
  const written = new Set<string>()
  const target = (node: ts.Node): void => {
    // The innermost name of a.b[c].d, which is what is changed.
    let inner = node
    while (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) inner = inner.expression
    if (inner !== node && ts.isIdentifier(inner)) written.add(inner.text)
  }
  const any = (node: ts.Node): node is ts.Node => Boolean(node)
  for (const node of find(file, any)) {
    const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken
      if (kind >= FirstAssignment && kind <= LastAssignment) target(node.left)
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) target(node.operand)
    } else if (ts.isDeleteExpression(node)) {
      target(node.expression)
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression
      if (mutating.test(name.text)) target(node.expression)
      const [first] = node.arguments
      if (/^(assign|definePropert(y|ies)|setPrototypeOf)$/.test(name.text) && first && ts.isIdentifier(first))
        if (expression.getText() === 'Object' || expression.getText() === 'Reflect') written.add(first.text)
    }
  }
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations
      .filter(({ name, initializer }) => {
        if (!(declarationList.flags & ts.NodeFlags.Const) || !ts.isIdentifier(name)) return true
        if (written.has(name.text)) return true
        if (!initializer) return false
        // A collection that is born full and never written is a table; one that is born empty waits to be filled.
        const isNew = (node: ts.Node): node is ts.NewExpression =>
          ts.isNewExpression(node) &&
          !/^Text(En|De)coder$/.test(node.expression.getText()) &&
          !(/^(Map|Set)$/.test(node.expression.getText()) && node.arguments?.length)
        // lastIndex of such an expression remembers the last match.
        const isSticky = (node: ts.Node): node is ts.Node =>
          ts.isRegularExpressionLiteral(node) && /\/[a-z]*[gy][a-z]*$/.test(node.text)
        return find(initializer, isNew, outside).length > 0 || find(initializer, isSticky, outside).length > 0
      })
      .map(({ name }) => name.getText()),
  )
}
const outside = { intoFunctions: false }

/** What a module does while it loads: statements that are no declaration, and calls that are not marked as pure. */
export const loadTimeEffects = (code: string): string[] => {
  const file = parse(code)
  const isCall = (node: ts.Node): node is ts.CallExpression | ts.NewExpression =>
    ts.isCallExpression(node) || ts.isNewExpression(node)
  return file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations
        .flatMap(({ initializer }) => (initializer ? find(initializer, isCall, outside) : []))
        .filter((call) => !/@__PURE__/.test(code.slice(call.pos, call.getStart())))
        .map((call) => call.getText())
    const declares =
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isClassDeclaration(statement)
    return declares ? [] : [statement.getText()]
  })
}
