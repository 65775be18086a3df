package sysflow

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Digests that upstream's traces hold for these.
func TestFOID(t *testing.T) {
	for _, tt := range []struct{ container, path, prefix string }{
		{"", "/etc/ld.so.cache", "8d57b8c6"},
		{"c010f5a08549", "/root/.ash_history", "e70fe801"},
		{"", "", "da39a3ee"},
	} {
		id := NewFOID(tt.container, tt.path)
		assert.Equal(t, tt.prefix, id.String()[:8])
		again, err := ParseFOID(id.String())
		require.NoError(t, err)
		assert.Equal(t, id, again)
	}
	_, err := ParseFOID("8d57b8c6")
	require.EqualError(t, err, `file id "8d57b8c6": must be 40 hexadecimal digits`)
	_, err = ParseFOID("xd57b8c6000000000000000000000000000000zz")
	assert.Error(t, err)
}

func TestIPv4(t *testing.T) {
	for addr, want := range map[string]int32{
		"127.0.0.1":        16777343,
		"0.0.0.0":          0,
		"1.2.3.200":        -939326975,
		"::ffff:127.0.0.1": 16777343,
	} {
		a := netip.MustParseAddr(addr)
		got, ok := IPv4ToInt32(a)
		assert.True(t, ok)
		assert.Equal(t, want, got, addr)
		assert.Equal(t, a.Unmap(), IPv4FromInt32(got))
	}
	_, ok := IPv4ToInt32(netip.MustParseAddr("::1"))
	assert.False(t, ok)
	_, ok = IPv4ToInt32(netip.Addr{})
	assert.False(t, ok)
}

func TestOIDString(t *testing.T) {
	assert.Equal(t, "7@1000", OID{CreateTS: 1000, HPID: 7}.String())
}
