package avro

const (
	// maxInterned bounds the strings kept; the map starts over when it is full.
	maxInterned = 1 << 13
	// maxInternedLen: longer strings seldom repeat and would hold on to memory.
	maxInternedLen = 256
)

// interner hands out one string for equal bytes: user names, container ids, executables
// and environments repeat from process to process.
type interner map[string]string

func (m interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxInternedLen {
		return string(b)
	}
	if s, ok := m[string(b)]; ok {
		return s
	}
	if len(m) >= maxInterned {
		clear(m)
	}
	s := string(b)
	m[s] = s
	return s
}
