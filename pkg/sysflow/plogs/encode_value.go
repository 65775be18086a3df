package plogs

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Bounds of the caches of formatted addresses and of sets of operations.
const (
	addressGeneration = 4096
	opsLimit          = 4096
)

// addrKey is a compact, quickly hashed form of an address without zone.
type addrKey [16]byte

// putOps writes the operations, as number and as names. The names are one text: a list
// costs as much as five other attributes.
func (e *Encoder) putOps(m pcommon.Map, f sysflow.OpFlags) {
	if f == 0 {
		return
	}
	m.PutInt(KeyOpFlags, int64(f))
	names, ok := e.ops[f]
	if !ok {
		names = f.String()
		if len(e.ops) >= opsLimit {
			clear(e.ops)
		}
		e.ops[f] = names
	}
	m.PutStr(KeyOps, names)
}

// used counts the counters that are written.
func used(c *sysflow.Counters) int {
	n := 0
	for _, v := range [...]int64{c.NumRRecvOps, c.NumRRecvBytes, c.NumWSendOps, c.NumWSendBytes} {
		if v != 0 {
			n++
		}
	}
	return n
}

// putCounters leaves out what did not happen: most flows only read or only write.
func putCounters(m pcommon.Map, c *sysflow.Counters) {
	putCount(m, KeyReadOps, c.NumRRecvOps)
	putCount(m, KeyReadBytes, c.NumRRecvBytes)
	putCount(m, KeyWriteOps, c.NumWSendOps)
	putCount(m, KeyWriteBytes, c.NumWSendBytes)
}

func putCount(m pcommon.Map, key string, v int64) {
	if v != 0 {
		m.PutInt(key, v)
	}
}

func putFD(m pcommon.Map, fd int32) {
	if fd != sysflow.UnknownFD {
		m.PutInt(KeyFD, int64(fd))
	}
}

// putOrigin leaves out what nearly all records have.
func putOrigin(m pcommon.Map, o sysflow.Origin) {
	if o != 0 {
		m.PutStr(KeyOrigin, o.String())
	}
}

func (e *Encoder) putTuple(m pcommon.Map, src netip.Addr, sport int32, dst netip.Addr, dport, proto int32) {
	e.putAddr(m, KeySourceAddress, src)
	putPort(m, KeySourcePort, sport)
	e.putAddr(m, KeyDestAddress, dst)
	putPort(m, KeyDestPort, dport)
	if proto != sysflow.ProtoUnknown {
		m.PutInt(KeyProto, int64(proto))
	}
	if name := sysflow.ProtoName(proto); name != "" && proto != sysflow.ProtoRaw { // raw is no transport
		m.PutStr(KeyTransport, name)
	}
	switch {
	case src.Is4():
		m.PutStr(KeyNetworkType, "ipv4")
	case src.Is6():
		m.PutStr(KeyNetworkType, "ipv6")
	}
}

// putPort leaves out port 0, which no peer has: ICMP and raw sockets, failed connects.
func putPort(m pcommon.Map, key string, port int32) {
	if port != 0 {
		m.PutInt(key, int64(port))
	}
}

// putAddr formats each address once as long as it is in use.
func (e *Encoder) putAddr(m pcommon.Map, key string, a netip.Addr) {
	if !a.IsValid() {
		return
	}
	if a.Zone() != "" || a.Is4In6() {
		m.PutStr(key, a.String())
		return
	}
	k := addrKey(a.As16())
	s, ok := e.addrs.Get(k)
	if !ok {
		s = a.String()
		e.addrs.Put(k, s)
	}
	m.PutStr(key, s)
}

// putText writes a text, unless it is empty, which stands for unknown.
func putText(m pcommon.Map, key, s string) {
	if s != "" {
		putString(m, key, s)
	}
}

// putString writes a text, even an empty one.
func putString(m pcommon.Map, key, s string) {
	if utf8.ValidString(s) {
		m.PutStr(key, s)
		return
	}
	m.PutStr(key, valid(s))
	rawOf(m).PutEmptyBytes(key).FromRaw([]byte(s))
}

// valid replaces what is no UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// putTexts writes a list of texts, unless it is empty.
func putTexts(m pcommon.Map, key string, list []string) {
	if len(list) == 0 {
		return
	}
	exact := true
	s := m.PutEmptySlice(key)
	s.EnsureCapacity(len(list))
	for _, v := range list {
		exact = exact && utf8.ValidString(v)
		s.AppendEmpty().SetStr(valid(v))
	}
	if exact {
		return
	}
	raw := rawOf(m).PutEmptySlice(key)
	for _, v := range list {
		appendBytes(raw, v)
	}
}

// putPairs writes texts by their names, with a prefix.
func putPairs(m pcommon.Map, prefix string, texts map[string]string) {
	for k, v := range texts {
		m.PutStr(prefix+valid(k), valid(v))
	}
}

// putRawPairs writes the exact bytes of texts and names, one after the other, if one of
// them is no UTF-8: a key of an attribute must be UTF-8.
func putRawPairs(m pcommon.Map, key string, texts map[string]string) {
	exact := true
	for k, v := range texts {
		exact = exact && utf8.ValidString(k) && utf8.ValidString(v)
	}
	if exact {
		return
	}
	raw := rawOf(m).PutEmptySlice(key)
	for k, v := range texts {
		appendBytes(raw, k)
		appendBytes(raw, v)
	}
}

func appendBytes(s pcommon.Slice, v string) { s.AppendEmpty().SetEmptyBytes().FromRaw([]byte(v)) }

func rawOf(m pcommon.Map) pcommon.Map {
	if v, ok := m.Get(KeyRaw); ok {
		return v.Map()
	}
	return m.PutEmptyMap(KeyRaw)
}

// formatIPv4 formats an address of a pod; a number that is no IPv4 address stays a number.
func formatIPv4(v int64) string {
	if v < 0 || v > 1<<32-1 {
		return strconv.FormatInt(v, 10)
	}
	return sysflow.IPv4FromInt32(int32(uint32(v))).String()
}
