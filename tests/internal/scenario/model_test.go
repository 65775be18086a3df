package scenario

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExpect runs what the scenario can do without root and reads the expectation.
func TestExpect(t *testing.T) {
	program := Build(t, "../../scenario", "scenario")
	r := Execute(t, program, "open_forms", "io_forms", "names", "names_failed", "descriptors", "close_range",
		"copies", "left_open", "odd_paths", "tcp4", "tcp6", "tcp_processes", "tcp_refused", "udp4",
		"udp6", "udp_peers", "mmsg", "mapped", "forks", "inherited", "execs", "signals", "threads", "leader_gone", "noise")
	want, err := Expect(r, "/test", "-arg")
	require.NoError(t, err)

	for _, c := range []struct {
		text string
		n    int
	}{
		{`"/relative" OPEN|WRITE_SEND|CLOSE open=WRONLY|CREAT|APPEND|CLOEXEC r=0/0 w=1/11`, 1},
		{`/left1" OPEN|WRITE_SEND|TRUNCATE`, 1},
		{`/dup" WRITE_SEND|CLOSE open= r=0/0 w=`, 5},
		{"PF CLONE|EXIT cloned=5 exited=5 failed=0", 1},
		{"PE EXIT tid=", 46},
		{" -> [::1]:", 10},
	} {
		text := strings.Replace(c.text, `"/`, "/", 1)
		n := 0
		for _, l := range want.Lines {
			if strings.Contains(l.Text, text) {
				n++
			}
		}
		assert.Equal(t, c.n, n, "lines with %q", text)
	}
}
