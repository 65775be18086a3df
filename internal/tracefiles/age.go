package tracefiles

import (
	"cmp"
	"path/filepath"
	"strconv"
	"strings"
)

// CompareAge compares files, the older one first: by the number in their name, then by
// their time of modification, then by path. The number is what SysFlow's tools go by: writers
// put the start time there, in seconds since the epoch. A name without digits counts as the
// time of modification.
func CompareAge(a, b File) int {
	x, y := number(a), number(b)
	return cmp.Or(
		cmp.Compare(len(x), len(y)), // decimal numbers without leading zeros, of any length
		strings.Compare(x, y),
		a.Info.ModTime().Compare(b.Info.ModTime()),
		strings.Compare(a.Path, b.Path),
	)
}

func number(f File) string {
	name := filepath.Base(f.Path)
	start, end := digits(name)
	if start == end {
		return strconv.FormatInt(max(f.Info.ModTime().Unix(), 0), 10)
	}
	return strings.TrimLeft(name[start:end], "0")
}

// Series returns what the files of a series have in common, and no others: the path
// without the number in the name.
func Series(path string) string {
	dir, name := filepath.Split(path)
	start, end := digits(name)
	return dir + name[:start] + "\x00" + name[end:]
}

// digits locates the longest run of digits in a name, the last of several: digits of a node's
// name, or of a second file of the same second, do not count.
func digits(name string) (start, end int) {
	run := 0
	for i := range len(name) {
		if name[i] < '0' || name[i] > '9' {
			run = 0
			continue
		}
		run++
		if run >= end-start {
			start, end = i+1-run, i+1
		}
	}
	return start, end
}
