package field

import (
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// processHash is sf-processor's identity of a process: xxHash64 of the decimal pid and the
// decimal creation time, in hexadecimal.
func processHash(id sysflow.OID) string {
	var buf [48]byte
	b := strconv.AppendInt(buf[:0], id.HPID, 10)
	b = strconv.AppendInt(b, id.CreateTS, 10)
	h := strconv.FormatUint(xxhash.Sum64(b), 16)
	return "0000000000000000"[len(h):] + h
}
