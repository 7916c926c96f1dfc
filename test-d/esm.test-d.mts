// A consumer in ESM: named, default and namespace imports.

import { expectError, expectType } from 'tsd'
import smalloc, { alloc, Types, type Bare } from 'smalloc'
import * as namespace from 'smalloc'

expectType<Bare<8>>(alloc(3, Types.Double))
expectType<Bare<8>>(smalloc.alloc(3, smalloc.Types.Double))
expectType<Bare<8>>(namespace.alloc(3, namespace.Types.Double))
expectType<typeof alloc>(smalloc.alloc)
expectType<number>(smalloc.kMaxLength)

class Vector extends smalloc.External.Double {}
expectType<number>(new Vector(3)[0])

expectError(smalloc(3))
expectError(smalloc.malloc(3))
expectError(smalloc.kMaxLength = 1)
expectError(namespace.alloc = alloc)
