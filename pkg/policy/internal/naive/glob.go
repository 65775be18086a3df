package naive

// glob matches a text with the patterns of fnmatch(3) without flags: *, ?, [a-z], [!a-z] and
// backslashes. A star matches slashes, too.
func glob(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	switch pattern[0] {
	case '*':
		for i := 0; i <= len(s); i++ {
			if glob(pattern[1:], s[i:]) {
				return true
			}
		}
		return false
	case '?':
		return s != "" && glob(pattern[1:], s[1:])
	case '[':
		if in, rest, ok := bracket(pattern, s); ok {
			return in && glob(rest, s[1:])
		}
	case '\\':
		if len(pattern) > 1 {
			pattern = pattern[1:]
		}
	}
	return s != "" && s[0] == pattern[0] && glob(pattern[1:], s[1:])
}

// bracket reads a bracket expression and reports whether the first byte of s is in it; ok is
// false if the bracket is not closed, so that it stands for itself.
func bracket(pattern, s string) (in bool, rest string, ok bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(pattern); first = false {
		from := pattern[i]
		if from == ']' && !first {
			return s != "" && in != negated, pattern[i+1:], true
		}
		if from == '\\' && i+1 < len(pattern) {
			i++
			from = pattern[i]
		}
		to := from
		if i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			i += 2
			to = pattern[i]
		}
		i++
		if s != "" && from <= s[0] && s[0] <= to {
			in = true
		}
	}
	return false, "", false
}
