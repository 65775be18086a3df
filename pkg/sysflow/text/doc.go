// Package text renders SysFlow records for people: the positional string of
// operations that SysFlow's tools print, strings made safe for a terminal, and
// one readable line per event or flow.
package text
