package sequence

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

func TestClockFollowsRecords(t *testing.T) {
	const slack = 15
	for _, c := range []struct {
		name  string
		times []int64
		want  []int64 // the clock after each of them
		last  move
	}{
		{"the first counts", []int64{1000}, []int64{1000}, steady},
		{"within the slack", []int64{100, 115, 101}, []int64{100, 115, 115}, steady},
		{"one is ahead", []int64{100, 116}, []int64{100, 100}, steady},
		{"two are ahead", []int64{100, 116, 120}, []int64{100, 100, 120}, jumped},
		{"the second arrives late", []int64{100, 120, 116}, []int64{100, 100, 120}, jumped},
		{"rare ones", []int64{100, 200, 300, 400}, []int64{100, 100, 200, 300}, jumped},
		{"one wrong among rare ones", []int64{100, 9000, 200, 300, 310}, []int64{100, 100, 200, 300, 310}, steady},
		{"a wrong one now and then", []int64{100, 9000, 101, 9000, 102}, []int64{100, 100, 101, 101, 102}, steady},
		{"set back", []int64{100, 84}, []int64{100, 84}, setBack},
		{"two are wrong", []int64{100, 9000, 9001, 101}, []int64{100, 100, 9001, 101}, setBack},
	} {
		t.Run(c.name, func(t *testing.T) {
			var now []int64
			var k clock
			var last move
			for _, ts := range c.times {
				last = k.advance(ts, slack)
				now = append(now, k.now)
			}
			assert.Equal(t, c.want, now)
			assert.Equal(t, c.last, last)
		})
	}
}

// newClockScript makes a machine whose hits are of use for 15.
func newClockScript(t *testing.T) *script {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 10, Steps: 2}}, Options{lateness: 5})
	return &script{t: t, m: m, tree: tree()}
}

func TestOneWrongTimeExpiresNothing(t *testing.T) {
	s := newClockScript(t)
	s.run("0:sh@100 0:nginx@101 0:curl@9000")
	assert.Equal(t, 3, s.m.Pending())
	assert.Equal(t, []string{"100-105", "101-106"}, s.run("1:sh@105 1:nginx@106"))
	assert.Zero(t, s.m.Evicted())
	checkInvariants(t, s.m)
}

func TestConfirmedJumpExpires(t *testing.T) {
	s := newClockScript(t)
	s.run("0:sh@100 0:nginx@101 0:curl@9000 0:sshd@9001")
	assert.Equal(t, 2, s.m.Pending(), "the first two are over")
	assert.Zero(t, s.m.Evicted(), "that a host says nothing for a while is normal")
	s.run("0:init@9002")
	assert.Zero(t, s.m.Evicted())
	checkInvariants(t, s.m)
}

func TestWhatWrongTimesExpireIsCounted(t *testing.T) {
	s := newClockScript(t)
	s.run("0:sh@100 0:nginx@101 0:curl@9000 0:sshd@9001 0:init@9001")
	assert.Zero(t, s.m.Evicted())
	s.run("0:stray@102")
	assert.Equal(t, int64(2), s.m.Evicted())
	s.run("0:stray@50")
	assert.Equal(t, int64(2), s.m.Evicted(), "counted once")
	checkInvariants(t, s.m)
}

func TestHitFromTheFutureEnds(t *testing.T) {
	for _, wrong := range []string{"0:curl@9000", "0:curl@9223372036854775807", "0:curl@9000 0:nginx@9001 0:sshd@9001"} {
		s := newClockScript(t)
		s.run("0:sh@100 " + wrong)
		for ts := 101; ts < 200; ts++ {
			s.run(fmt.Sprintf("0:init@%d 1:init@%d", ts, ts))
		}
		assert.Zero(t, s.m.Pending(), wrong)
		assert.Positive(t, s.m.Evicted())
		checkInvariants(t, s.m)
	}
}

// A host whose clock is set back does not keep the hits from before for ever.
func TestClockSetBackEndsHits(t *testing.T) {
	s := newClockScript(t)
	s.run("0:sh@9000 0:nginx@9001")
	for ts := 101; ts < 200; ts++ {
		s.run(fmt.Sprintf("0:init@%d 1:init@%d", ts, ts))
	}
	assert.Zero(t, s.m.Pending())
	assert.Equal(t, int64(2), s.m.Evicted())
}
