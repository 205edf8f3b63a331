import { describe, expectTypeOf, test } from 'vitest'
import { isOidcError } from './isOidcError.js'
import { OidcError, type OidcErrorCode, type TokenCheck } from './OidcError.js'

describe('an error narrows by its code', () => {
  test('in a switch, which can be exhaustive', () => {
    const remedy = (error: OidcError): string => {
      switch (error.code) {
        case 'config_invalid':
          return error.issues.map(({ path }) => path).join()
        case 'argument_invalid':
          return error.argument
        case 'authorization_error':
          return error.errorUri ?? error.error
        case 'callback_invalid':
          return error.reason
        case 'endpoint_error':
          return `${error.endpoint} ${error.status} ${error.error ?? error.vendorCode ?? ''}`
        case 'response_invalid':
          return `${error.reason} ${error.retryAfter ?? 0}`
        case 'token_invalid':
          return error.check satisfies TokenCheck
        case 'network':
        case 'timeout':
        case 'aborted':
          return String(error.mayHaveArrived && !error.retryable)
        case 'unsupported_runtime':
          return error.missing
        default:
          return error satisfies never
      }
    }
    expectTypeOf(remedy).returns.toEqualTypeOf<string>()
  })

  test('by isOidcError, with codes and without', () => {
    const caught = {} as unknown
    if (isOidcError(caught, 'endpoint_error')) expectTypeOf(caught.status).toEqualTypeOf<number>()
    if (isOidcError(caught, 'network', 'timeout')) {
      expectTypeOf(caught.code).toEqualTypeOf<'network' | 'timeout'>()
      expectTypeOf(caught.retryable).toEqualTypeOf<boolean>()
    }
    if (isOidcError(caught)) {
      expectTypeOf(caught.code).toEqualTypeOf<OidcErrorCode>()
      // @ts-expect-error not every error has a status
      expectTypeOf(caught.status).toBeNumber()
    }
    // @ts-expect-error there is no such code
    isOidcError(caught, 'http_error')
  })

  test('by instanceof, and an error is an Error', () => {
    const caught = {} as unknown
    if (caught instanceof OidcError && caught.code === 'argument_invalid')
      expectTypeOf(caught.argument).toEqualTypeOf<string>()
    expectTypeOf<OidcError>().toExtend<Error>()
    expectTypeOf<OidcError['name']>().toEqualTypeOf<'OidcError'>()
  })

  test('its fields are not assigned to', () => {
    const error = {} as OidcError<'callback_invalid'>
    // @ts-expect-error every field is readonly
    error.reason = 'state'
    // @ts-expect-error so is the code
    error.code = 'callback_invalid'
    // @ts-expect-error there is no such reason
    new OidcError('callback_invalid', 'x', { reason: 'other' })
    // @ts-expect-error the fields belong to the code
    new OidcError('callback_invalid', 'x', { argument: 'code' })
  })
})
