package sysflow

import (
	"crypto/sha1" //nolint:gosec // the SysFlow format defines file ids as SHA-1
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
)

// OID identifies a process across pid reuse: its creation time and its pid in the
// host's pid namespace. CreateTS is 0 for processes older than an offline capture.
type OID struct {
	CreateTS int64
	HPID     int64
}

// String formats the id as "pid@createTS".
func (o OID) String() string {
	return strconv.FormatInt(o.HPID, 10) + "@" + strconv.FormatInt(o.CreateTS, 10)
}

// FOID identifies a file by container and path.
type FOID [20]byte

// NewFOID returns the id of a path seen inside a container: SHA-1 over the
// container id followed by the path. containerID is empty on the host.
func NewFOID(containerID, path string) FOID {
	var buf [256]byte
	return sha1.Sum(append(append(buf[:0], containerID...), path...)) //nolint:gosec // see import
}

// String formats the id as 40 hexadecimal digits.
func (f FOID) String() string { return hex.EncodeToString(f[:]) }

// ParseFOID is the inverse of FOID.String.
func ParseFOID(s string) (FOID, error) {
	var f FOID
	if hex.DecodedLen(len(s)) != len(f) {
		return f, fmt.Errorf("file id %q: must be %d hexadecimal digits", s, 2*len(f))
	}
	if _, err := hex.Decode(f[:], []byte(s)); err != nil {
		return f, fmt.Errorf("file id %q: %w", s, err)
	}
	return f, nil
}

// IPv4ToInt32 encodes an IPv4 address as SysFlow does: the octets in network order,
// read as a little-endian int32, so 127.0.0.1 is 16777343. IPv4-mapped IPv6
// addresses count as IPv4; ok is false for anything else.
func IPv4ToInt32(a netip.Addr) (v int32, ok bool) {
	a = a.Unmap()
	if !a.Is4() {
		return 0, false
	}
	b := a.As4()
	return int32(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24), true
}

// IPv4FromInt32 is the inverse of IPv4ToInt32.
func IPv4FromInt32(v int32) netip.Addr {
	u := uint32(v)
	return netip.AddrFrom4([4]byte{byte(u), byte(u >> 8), byte(u >> 16), byte(u >> 24)})
}
