//go:build linux && (amd64 || arm64)

package capture

import (
	"time"

	"golang.org/x/sys/unix"
)

// clock converts the kernel's time since boot to time since the epoch.
//
// Creation times identify processes, so they keep the offset that was found at the
// start; the times of events follow the system's clock when it is set.
type clock struct {
	fixed, current int64
}

func newClock() clock {
	off := bootOffset()
	return clock{fixed: off, current: off}
}

func (c *clock) adjust() { c.current = bootOffset() }

func (c *clock) event(boot uint64) int64 { return int64(boot) + c.current }

func (c *clock) creation(boot uint64) int64 { return int64(boot) + c.fixed }

// boot is the inverse of creation.
func (c *clock) boot(creation int64) uint64 { return uint64(creation - c.fixed) }

// bootOffset returns the time of boot in nanoseconds since the epoch. It takes the
// most precise of some readings: the one that took least time.
func bootOffset() int64 {
	var best, offset int64
	for i := range 5 {
		before := clockNow(unix.CLOCK_REALTIME)
		boot := clockNow(unix.CLOCK_BOOTTIME)
		after := clockNow(unix.CLOCK_REALTIME)
		if took := after - before; i == 0 || took < best {
			best, offset = took, before+took/2-boot
		}
	}
	return offset
}

// bootClock is the clock of the kernel side: suspended time counts.
const bootClock = unix.CLOCK_BOOTTIME

func clockNow(id int32) int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(id, &ts); err != nil {
		return time.Now().UnixNano()
	}
	return ts.Nano()
}
