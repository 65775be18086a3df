package fields

import (
	"math"
	"time"
)

// isoClock formats times as sysprint does: UTC, microseconds, no zone, and no
// fraction at all on a whole second. It remembers the last second, since rows
// are close together in time.
type isoClock struct {
	sec  int64
	text []byte
}

// append appends ts, given in nanoseconds. Upstream goes through a floating point
// number of seconds and so may be off by a fraction of a microsecond. This does
// the very same, so that output can be compared; exact times are in ts_uts.
func (c *isoClock) append(dst []byte, ts int64) []byte {
	whole, frac := math.Modf(float64(ts) / 1e9)
	sec, micros := int64(whole), int64(math.RoundToEven(frac*1e6))
	if micros < 0 {
		sec, micros = sec-1, micros+1e6
	} else if micros >= 1e6 {
		sec, micros = sec+1, micros-1e6
	}
	if len(c.text) == 0 || sec != c.sec {
		c.sec = sec
		c.text = time.Unix(sec, 0).UTC().AppendFormat(c.text[:0], "2006-01-02T15:04:05")
	}
	dst = append(dst, c.text...)
	if micros == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(100_000); unit > 0; unit /= 10 {
		dst = append(dst, byte('0'+micros/unit%10))
	}
	return dst
}
