// Command attributedoc writes the reference of the attributes in SysFlow logs,
// docs/attributes.md, from the table in package plogs.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "docs/attributes.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, render(), 0o644); err != nil { //nolint:gosec // documentation is for everybody
		fmt.Fprintln(os.Stderr, "attributedoc:", err)
		os.Exit(1)
	}
}
