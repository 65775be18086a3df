// Command fielddoc writes the reference of what rules can ask, docs/rule-fields.md, from
// the table in package field.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "docs/rule-fields.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, render(), 0o644); err != nil { //nolint:gosec // documentation is for everybody
		fmt.Fprintln(os.Stderr, "fielddoc:", err)
		os.Exit(1)
	}
}
