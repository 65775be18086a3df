package plogs

// maxSkew is by how much the observed timestamp of a record may be moved to keep the
// order of the stream, in nanoseconds. A record that is older still (a corrupt time
// before it, a clock that was set) keeps its own time.
const maxSkew = 60_000_000_000

// clock hands out observed timestamps: the time when a record was written, made
// strictly increasing, so that sorting by it restores the order of the stream even
// though the records are spread over many resources. Zero means no record yet.
type clock int64

// tick returns the observed timestamp of an event that was written at w.
func (c *clock) tick(w int64) int64 {
	now := int64(*c)
	if w <= now && uint64(now)-uint64(w) < maxSkew { // the difference of two int64 fits
		w = now + 1
	}
	*c = clock(w)
	return w
}

// next returns the observed timestamp of an entity, which travels when something
// needs it: its own time matters only before the first event.
func (c *clock) next(ts int64) int64 {
	if *c == 0 {
		*c = clock(ts)
	} else {
		*c++
	}
	return int64(*c)
}
