package expr

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// key is equal for equal tests.
func (t *Test) key() string {
	if t.id == "" {
		t.id = short(t.text())
	}
	return t.id
}

// longKey is the length from which on a key is shorter as a hash: lists may be long.
const longKey = 128

func short(key string) string {
	if len(key) <= longKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// text is the long form of key.
func (t *Test) text() string {
	switch t.Kind {
	case Matches:
		return "matches " + strconv.Quote(t.Pattern.String())
	case InRanges:
		return fmt.Sprintf("ranges %v", t.Ranges)
	case InNetworks:
		return fmt.Sprintf("networks %v", t.Networks)
	case Compares:
		return string(t.Op) + " " + t.Other.Key
	case PassesCount:
		keys := make([]string, len(t.Each))
		for i := range t.Each {
			keys[i] = t.Each[i].key()
		}
		return fmt.Sprintf("%d of %q", t.Count, keys)
	default:
		return fmt.Sprintf("%d %q", t.Kind, t.Texts)
	}
}

// texts returns a test of texts; their order and repetitions do not matter.
func texts(kind Kind, list ...string) Test {
	list = slices.Clone(list)
	if kind == HasSubstringFold {
		for i, s := range list {
			list[i] = Lower(s)
		}
	}
	slices.Sort(list)
	return Test{Kind: kind, Texts: slices.Compact(list)}
}

func ranges(list ...Range) Test {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Range) int {
		if a.Min != b.Min {
			if a.Min < b.Min {
				return -1
			}
			return 1
		}
		return 0
	})
	return Test{Kind: InRanges, Ranges: slices.Compact(list)}
}

// below and above are the numbers on one side of n, which may be none.
func below(n int64) []Range {
	if n == math.MinInt64 {
		return nil
	}
	return []Range{{math.MinInt64, n - 1}}
}

func above(n int64) []Range {
	if n == math.MaxInt64 {
		return nil
	}
	return []Range{{n + 1, math.MaxInt64}}
}

// Contains reports whether n is in the set.
func (r Range) Contains(n int64) bool { return r.Min <= n && n <= r.Max }

// parseInt reads decimal, exponent and hexadecimal forms, as Falco does.
func parseInt(s string) (int64, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	low := strings.ToLower(s)
	if strings.HasPrefix(strings.TrimPrefix(low, "-"), "0x") {
		n, err := strconv.ParseInt(s, 0, 64)
		return n, err == nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// parseNetwork reads an address or a CIDR block. IPv4 in IPv6 counts as IPv4.
func parseNetwork(s string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

func parseBool(s string) (int64, bool) {
	switch s {
	case "true", "1":
		return 1, true
	case "false", "0":
		return 0, true
	}
	return 0, false
}

// Lower is strings.ToLower for ASCII alone, as icontains, iglob and tolower compare bytes in
// Falco.
func Lower(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if 'A' <= b[j] && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - ('a' - 'A')
		}
	}
	return string(b)
}
