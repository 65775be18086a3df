package engine

import (
	"slices"
	"sort"
	"strings"
)

// prefixes finds which of many texts a text begins with by one binary search: among sorted
// texts, those with a common prefix stand together, so the prefixes of s are the last text
// that does not follow s, if it is one, and the prefixes of that text. Read backwards, it
// finds suffixes.
type prefixes struct {
	backwards bool
	// texts are in the order of reading.
	texts []string
	bits  [][]int32
	// parent is the longest other text that a text begins with, -1 if there is none.
	parent []int
}

// newPrefixes returns nil if there is nothing to find.
func newPrefixes(list []pattern, backwards bool) *prefixes {
	if len(list) == 0 {
		return nil
	}
	if backwards {
		for i := range list {
			b := []byte(list[i].text)
			slices.Reverse(b)
			list[i].text = string(b)
		}
	}
	slices.SortFunc(list, func(a, b pattern) int { return strings.Compare(a.text, b.text) })
	p := &prefixes{backwards: backwards}
	for _, pat := range list {
		if n := len(p.texts); n > 0 && p.texts[n-1] == pat.text {
			p.bits[n-1] = append(p.bits[n-1], pat.bit)
			continue
		}
		parent := len(p.texts) - 1
		for parent >= 0 && !strings.HasPrefix(pat.text, p.texts[parent]) {
			parent = p.parent[parent]
		}
		p.texts = append(p.texts, pat.text)
		p.bits = append(p.bits, []int32{pat.bit})
		p.parent = append(p.parent, parent)
	}
	return p
}

// find sets the bits of all texts that s begins with.
func (p *prefixes) find(s string, bits []uint64) {
	i := sort.Search(len(p.texts), func(i int) bool { _, follows := p.compare(p.texts[i], s); return follows }) - 1
	for i >= 0 {
		if begins, _ := p.compare(p.texts[i], s); begins {
			break
		}
		i = p.parent[i]
	}
	for ; i >= 0; i = p.parent[i] {
		setAll(bits, p.bits[i])
	}
}

// compare reports whether s begins with text, and whether text stands behind s in the order
// of sorting.
func (p *prefixes) compare(text, s string) (begins, follows bool) {
	if !p.backwards {
		return strings.HasPrefix(s, text), text > s
	}
	for i := range len(text) {
		if i == len(s) {
			return false, true
		}
		if c := s[len(s)-1-i]; c != text[i] {
			return false, text[i] > c
		}
	}
	return true, false
}
