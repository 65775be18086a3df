package sysflowpolicyprocessor

import (
	"hash/maphash"
	"runtime"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/hosts"
)

// hostLimit is how many hosts a shard remembers at least.
const hostLimit = 1024

// shards spread hosts over the processors of this one, so that a gateway uses all of them
// while the records of one host are judged one after the other.
type shards struct {
	seed maphash.Seed
	all  []*shard
}

// shard is what is known of some hosts.
type shard struct {
	index int
	mu    sync.Mutex
	hosts *recent.Map[string, *hosts.Host]
	// evicted counts the processes that were forgotten for lack of room.
	evicted int64
}

func newShards() *shards {
	s := &shards{seed: maphash.MakeSeed()}
	for i := range runtime.GOMAXPROCS(0) {
		s.all = append(s.all, &shard{index: i, hosts: recent.New[string, *hosts.Host](hostLimit)})
	}
	return s
}

// of returns the shard of a host.
func (s *shards) of(name string) *shard {
	if len(s.all) == 1 {
		return s.all[0]
	}
	return s.all[maphash.String(s.seed, name)%uint64(len(s.all))]
}

// host returns what is known of a host. The shard must be locked.
func (s *shard) host(name string) *hosts.Host {
	h, known := s.hosts.Get(name)
	if !known {
		h = hosts.New()
		s.hosts.Put(name, h)
	}
	return h
}
