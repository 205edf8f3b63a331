#!/usr/bin/env node
// Written by hand, and so there before the first build: package managers link a command when they install.
import '../dist/internal/cli.js'
