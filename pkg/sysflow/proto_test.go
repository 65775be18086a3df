package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestProtoNames(t *testing.T) {
	for name, proto := range map[string]int32{"tcp": 6, "udp": 17, "icmp": 1, "raw": 254} {
		assert.Equal(t, name, ProtoName(proto))
		got, ok := ParseProto(name)
		assert.True(t, ok, name)
		assert.Equal(t, proto, got)
	}
	for _, proto := range []int32{ProtoUnknown, 0, 132, 255} {
		assert.Empty(t, ProtoName(proto))
	}
	for _, name := range []string{"", "TCP", "sctp", "6"} {
		got, ok := ParseProto(name)
		assert.False(t, ok, name)
		assert.Equal(t, ProtoUnknown, got)
	}
}
