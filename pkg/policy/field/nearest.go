package field

// nearest returns the name with the fewest changes from name, if those are few.
func nearest(name string, names []string) string {
	best, most := "", max(2, len(name)/4)
	for _, n := range names {
		if d := distance(name, n, most); d <= most {
			if d == 0 {
				return n
			}
			best, most = n, d-1
		}
	}
	return best
}

// distance is the number of bytes to insert, remove or replace, or more than most.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
