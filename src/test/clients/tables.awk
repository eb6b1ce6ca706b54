# Makes the tables of docs/clients.md from lines of tabs: client|skipped KIND NAME TITLE VERSION|WHY, result NAME WAY
# OPERATION WORD. An operation seen several times in a day is as bad as its worst.
BEGIN { rank["none"] = 1; rank["ok"] = 2; rank["refused"] = 3; rank["failed"] = 4; ways["plain"] = "HTTP"; ways["tls"] = "TLS" }

$1 == "client" {
  title[$3] = $4; version[$3] = $5
  if ($2 == "sdk") sdks[++sdk] = $3; else programs[++program] = $3
}
$1 == "skipped" { skipped[++skips] = $4 ": " $5 }
$1 == "result" {
  at = $2 SUBSEP $4 SUBSEP $3
  if (rank[$5] > rank[word[at]]) word[at] = $5
  if (!(($2, $4) in seen)) {
    seen[$2, $4]; of[$2, ++operations[$2]] = $4
  }
}

function shown(w) { return w == "failed" || w == "refused" ? "**" w "**" : w == "none" || w == "" ? "–" : w }

# What a cell says of one operation: one word where both ways went alike or only one was gone.
function cell(name, operation,   plain, tls) {
  plain = word[name, operation, "plain"]; tls = word[name, operation, "tls"]
  if (plain == tls || tls == "") return shown(plain)
  if (plain == "" || plain == "none") return shown(tls) " (TLS)"
  return "HTTP " shown(plain) ", TLS " shown(tls)
}

function sdk_table(   i, j, row, name) {
  print "| operation |" columns("title"); print "|---|" columns("rule")
  print "| version |" columns("version")
  for (i = 1; i <= sdk; i++) for (j = 1; j <= operations[sdks[i]]; j++) {
    row = of[sdks[i], j]
    if (row in done) continue
    done[row]
    printf "| %s |", row
    for (k = 1; k <= sdk; k++) printf " %s |", cell(sdks[k], row)
    print ""
  }
}

function columns(what,   k, line) {
  for (k = 1; k <= sdk; k++) line = line (what == "rule" ? "---|" : " " (what == "title" ? title[sdks[k]] : version[sdks[k]]) " |")
  return line
}

# What went right is named, and what did not is named with its word.
function told(name, operation,   word) {
  word = cell(name, operation)
  sub(/^ok/, "", word)
  return operation (word ~ /^ |^$/ ? word : " " word)
}

function program_table(   i, j, name, line) {
  print "| program | version | ok |"; print "|---|---|---|"
  for (i = 1; i <= program; i++) {
    name = programs[i]; line = ""
    for (j = 1; j <= operations[name]; j++) line = line (j > 1 ? ", " : "") told(name, of[name, j])
    print "| " title[name] " | " version[name] " | " line " |"
  }
}

END {
  if (sdk) { sdk_table(); print "" }
  if (program) { program_table(); print "" }
  for (i = 1; i <= skips; i++) print "- Not run: " skipped[i]
}
