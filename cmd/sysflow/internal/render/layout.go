package render

const (
	// gap is the number of blanks between two columns.
	gap = 2
	// minWidth is what every column keeps, however narrow the terminal is: enough for
	// positional op flags and container ids, which are of no use when cut.
	minWidth = 12
)

// layout returns the width of each column. room is that for a whole line,
// UsualWidth or FullWidth.
func layout(columns []column, room int) []int {
	widths := make([]int, len(columns))
	used := gap * (len(columns) - 1)
	for i := range columns {
		c := &columns[i]
		widths[i] = max(len(c.title), c.widest)
		if room == UsualWidth && !c.rightAligned() {
			widths[i] = min(widths[i], c.usual)
		}
		used += widths[i]
	}
	if room > 0 && used > room {
		shrink(columns, widths, used-room)
	}
	return widths
}

// shrink takes excess characters from the columns that can do with less, always
// from the widest of them, so that narrow columns stay whole.
func shrink(columns []column, widths []int, excess int) {
	for excess > 0 {
		widest, second := -1, minWidth
		for i := range columns {
			if columns[i].rightAligned() || widths[i] <= minWidth {
				continue
			}
			switch {
			case widest < 0 || widths[i] > widths[widest]:
				if widest >= 0 {
					second = max(second, widths[widest])
				}
				widest = i
			default:
				second = max(second, widths[i])
			}
		}
		if widest < 0 {
			return // the line will be longer than the terminal is wide
		}
		take := min(excess, max(1, widths[widest]-second))
		widths[widest] -= take
		excess -= take
	}
}
