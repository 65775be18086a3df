package diag

import (
	"iter"
	"strings"
)

// Nearest returns the candidate that a name was probably meant to be, empty if none is near.
// A third of its letters may differ, three at most, or up to half as many be missing at its
// end. Upper and lower case are the same. Among equals it is the first in the alphabet, so the
// order of the candidates does not matter.
func Nearest(name string, candidates iter.Seq[string]) string {
	lower := strings.ToLower(name)
	limit := min((len(name)+1)/3, 3)
	best, distance := "", limit+1
	var rows [3][]int
	for c := range candidates {
		if c == name || c == "" {
			continue
		}
		d := edits(lower, strings.ToLower(c), limit, &rows)
		if d > limit && strings.HasPrefix(strings.ToLower(c), lower) && len(c) <= len(name)+len(name)/2 {
			d = limit
		}
		if d < distance || d == distance && d <= limit && c < best {
			best, distance = c, d
		}
	}
	return best
}

// edits counts the letters to insert, delete, replace or swap with their neighbour to get
// from a to b (optimal string alignment); limit+1 stands for all that is more than limit.
func edits(a, b string, limit int, rows *[3][]int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	for i := range rows {
		if len(rows[i]) <= len(b) {
			rows[i] = make([]int, len(b)+1)
		}
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
