'use strict'

/** A Markdown table whose columns line up. */
function formatTable (head, lines) {
  const rows = [head, ...lines].map((line) => line.map(String))
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const format = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [format(rows[0]), format(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(format)].join('\n')
}

module.exports = { formatTable }
