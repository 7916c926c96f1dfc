import smalloc, { alloc, Types, type Bare } from 'smalloc'
import * as namespace from 'smalloc'

class Data extends smalloc.External.Double {}

const bares: Bare<8>[] = [alloc(3, Types.Double), smalloc.alloc(3, smalloc.Types.Double), namespace.alloc(3, namespace.Types.Double)]
for (const each of [...bares, new Data(3)]) each[Symbol.dispose]()
