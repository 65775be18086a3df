package capture

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestContainersPID(t *testing.T) {
	full := strings.Repeat("ab", 32)
	id := full[:12]
	c := NewContainers()
	c.notePID(id, 5, false)
	assert.Zero(t, c.pid(id), "of an unknown container")
	c.learn(7, "/docker/"+full)
	c.notePID(id, 10, false)
	c.notePID(id, 11, false)
	assert.EqualValues(t, 10, c.pid(id), "the first stays")
	c.notePID(id, 12, true)
	c.notePID(id, 13, true)
	assert.EqualValues(t, 12, c.pid(id), "but for the container's first process")
	c.forgetPID(id, 10)
	assert.EqualValues(t, 12, c.pid(id))
	c.forgetPID(id, 12)
	assert.Zero(t, c.pid(id))
	assert.Zero(t, c.Identity("unknown"))
}

func TestIDMap(t *testing.T) {
	for _, test := range []struct {
		name, text string
		id, want   int32
	}{
		{"the initial namespace", "         0          0 4294967295\n", 1000, 1000},
		{"shifted", "0 100000 65536\n", 100000, 0},
		{"shifted, last", "0 100000 65536\n", 165535, 65535},
		{"below", "0 100000 65536\n", 99999, -1},
		{"above", "0 100000 65536\n", 165536, -1},
		{"second range", "0 1000 1\n1 100000 65536\n", 100009, 10},
		{"large ids", "0 4294900000 65536\n", -67296, 0},
		{"empty", "", 0, -1},
		{"nonsense", "a b c\n1 2\n0 99999999999 1\n", 2, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, parseIDMap(test.text).inside(test.id))
		})
	}
	assert.EqualValues(t, 7, idMap(nil).inside(7), "not known")
}

func FuzzParseIDMap(f *testing.F) {
	f.Add("0 100000 65536\n", int32(100001))
	f.Add("0 0 4294967295\n", int32(-2))
	f.Fuzz(func(t *testing.T, text string, id int32) {
		m := parseIDMap(text)
		assert.LessOrEqual(t, len(m), maxRanges)
		m.inside(id)
	})
}
