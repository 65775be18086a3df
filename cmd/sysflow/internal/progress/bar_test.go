package progress

import (
	"bytes"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLine(t *testing.T) {
	const mib = 1 << 20
	assert.Equal(t, "[##########..............................]  25%  10.0 MiB of 40.0 MiB, 5.0 MiB/s, 6s left",
		line(120, 10*mib, 40*mib, 2*time.Second))
	assert.Equal(t, "100%  40.0 MiB of 40.0 MiB, 20.5 MiB/s, 0s left", line(10, 41*mib, 40*mib, 2*time.Second),
		"no room for a bar; a file that grew does not exceed 100 %")
	assert.Equal(t, "512 B, 256 B/s", line(80, 512, 0, 2*time.Second), "unknown total")
	assert.True(t, strings.HasSuffix(line(120, 0, mib, 2*time.Second), "0 B/s, - left"))
}

func TestBarIsPatientAndTidy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		var read atomic.Int64
		read.Store(50)
		bar := Start(&out, 80, 100, &read)
		time.Sleep(900 * time.Millisecond) // of the test's own clock
		synctest.Wait()
		assert.Empty(t, out.String(), "short work shows nothing")
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
		assert.Contains(t, out.String(), " 50%  50 B of 100 B")
		_, err := bar.Write([]byte("message\n"))
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(out.String(), erase+"message\n"), "a message does not stick to the bar")
		time.Sleep(refresh)
		bar.Stop()
		assert.True(t, strings.HasSuffix(out.String(), erase), "nothing stays behind")
	})
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
