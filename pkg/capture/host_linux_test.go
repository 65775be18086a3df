//go:build amd64 || arm64

package capture

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestParseNames(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		want       map[int32]string
	}{
		{"passwd", "root:x:0:0:root:/root:/bin/sh\njo:x:1000:100::/home/jo:/bin/sh\n", map[int32]string{0: "root", 1000: "jo"}},
		{"group, last line unended", "root:x:0:\nusers:x:100:jo,ann", map[int32]string{0: "root", 100: "users"}},
		{"the first name of an id", "root:x:0:0:::\ntoor:x:0:0:::\n", map[int32]string{0: "root"}},
		{"large id", "nobody:x:4294967294:1:::\n", map[int32]string{-2: "nobody"}},
		{"what is no entry", "# comment\n\n+::::::\na:b\nx:x:y:\nun:x:4294967295:\n", map[int32]string{}},
		{"empty", "", map[int32]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, parseNames([]byte(tt.file))) })
	}
}

func TestHostNames(t *testing.T) {
	dir := t.TempDir()
	users := filepath.Join(dir, "passwd")
	require.NoError(t, os.WriteFile(users, []byte("jo:x:1000:100:::\n"), 0o600))
	h := &Host{users: idFile{path: users}, groups: idFile{path: filepath.Join(dir, "missing")}}
	assert.Equal(t, "jo", h.UserName("", 1000))
	assert.Empty(t, h.UserName("", 1001))
	assert.Empty(t, h.UserName("c010f5a08549", 1000), "a container has users of its own")
	assert.Empty(t, h.GroupName("", 100))
	assert.Empty(t, h.GroupName("c010f5a08549", 100))

	require.NoError(t, os.WriteFile(users, []byte("ann:x:1001:100:::\n"), 0o600))
	require.NoError(t, os.Chtimes(users, time.Time{}, h.users.changed.Add(time.Second)))
	assert.Empty(t, h.UserName("", 1001), "not looked at again so soon")
	h.users.checked = time.Now().Add(-2 * refreshInterval)
	assert.Equal(t, "ann", h.UserName("", 1001))
	assert.Empty(t, h.UserName("", 1000))

	require.NoError(t, os.Remove(users))
	h.users.checked = time.Time{}
	assert.Equal(t, "ann", h.UserName("", 1001), "the last known name stays")
}

func TestParseSocket(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		port       uint16
		ok         bool
	}{
		{"listening", "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1167", 8080, true},
		{"IPv6", "   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0", 22, true},
		{"connected", "   1: 020200C0:C624 507100CB:01BB 01 00000000:00000000", 0, false},
		{"title", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", 0, false},
		{"cut", "   0: 0100007F:1F90 00000000:0000", 0, false},
		{"no port", "   0: 0100007F 00000000:0000 0A", 0, false},
		{"port too large", "   0: 0100007F:11F90 00000000:0000 0A", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			port, ok := parseSocket(tt.line, "0A")
			assert.Equal(t, tt.ok, ok)
			if ok {
				assert.Equal(t, tt.port, port)
			}
		})
	}
}

func TestIsListening(t *testing.T) {
	const title = "  sl  local_address rem_address   st\n"
	h := &Host{proc: fakeProc(t, map[string]string{
		"net/tcp":  title + "0: 00000000:0050 00000000:0000 0A\n1: 00000000:0051 00000000:0001 01\n",
		"net/tcp6": title + "0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A\n",
		"net/udp":  title + "0: 00000000:0035 00000000:0000 07\n1: 00000000:0036 00000000:0001 01\n",
	})}
	for _, tt := range []struct {
		proto int32
		port  uint16
		want  bool
	}{
		{sysflow.ProtoTCP, 80, true},
		{sysflow.ProtoTCP, 81, false},
		{sysflow.ProtoTCP, 443, true},
		{sysflow.ProtoTCP, 53, false},
		{sysflow.ProtoUDP, 53, true},
		{sysflow.ProtoUDP, 54, false},
		{sysflow.ProtoUDP, 80, false},
	} {
		assert.Equal(t, tt.want, h.IsListening(tt.proto, tt.port), "%d %d", tt.proto, tt.port)
	}

	require.NoError(t, os.WriteFile(filepath.Join(string(h.proc), "net", "tcp"), nil, 0o600))
	assert.True(t, h.IsListening(sysflow.ProtoTCP, 80), "not looked at again so soon")
	h.listenAt = time.Now().Add(-2 * refreshInterval)
	assert.False(t, h.IsListening(sysflow.ProtoTCP, 80))
}

func TestIsAlive(t *testing.T) {
	h := &Host{boot: boot, proc: fakeProc(t, map[string]string{"42/stat": statLine(42, "x", 1, 0, 5000)})}
	for _, tt := range []struct {
		pid      int32
		createTS int64
		want     bool
	}{
		{42, boot + 50e9, true},
		{42, boot + 50e9 + 9_999_999, true},
		{42, 0, true},
		{42, boot + 52e9, false},
		{42, boot + 48e9, false},
		{43, 0, false},
	} {
		assert.Equal(t, tt.want, h.IsAlive(tt.pid, tt.createTS), "%d %d", tt.pid, tt.createTS-boot)
	}
	_, ok := h.Process(42, boot+50e9)
	assert.True(t, ok)
	_, ok = h.Process(43, 0)
	assert.False(t, ok)
}

// TestNewHost asks about the machine that the test runs on.
func TestNewHost(t *testing.T) {
	h := NewHost()
	self := int32(os.Getpid())
	assert.True(t, h.IsAlive(self, 0))
	info, ok := h.Process(self, 0)
	require.True(t, ok)
	assert.Less(t, info.ParentCreateTS, time.Now().UnixNano())
	if _, err := os.Stat("/etc/passwd"); err == nil {
		assert.Equal(t, "root", h.UserName("", 0))
	}
}
