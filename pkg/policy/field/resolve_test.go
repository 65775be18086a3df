package field

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNamed(t *testing.T) {
	for word, want := range map[string]string{"sf.proc.name": "sf.proc.name", "fd.sport": "fd.sport", "sf.prog.args": "sf.proc.args"} {
		ref, ok := Named(word)
		assert.True(t, ok, word)
		assert.Equal(t, want, ref.Text)
	}
	for _, word := range []string{"", "bash", "sf.proc.nam", "proc.env"} {
		_, ok := Named(word)
		assert.Equal(t, word == "proc.env", ok, word)
	}
	// Nearly every word of a rule file is a value, so none may be compared with all names.
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { Named("PROG1234") }), 2.0)
}

func TestAddressOfNode(t *testing.T) {
	ref, _ := Named("sf.node.ip")
	for ip, want := range map[string]string{"192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::1", "": "-", "localhost": "-"} {
		expect(t, &Record{Node: &Node{IP: ip}}, map[string]string{"sf.node.ip": want})
	}
	assert.Equal(t, Addr, ref.Type)
}
