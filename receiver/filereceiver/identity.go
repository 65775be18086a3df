package filereceiver

import (
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// identity names a file for as long as it exists, whatever it is renamed to. The
// sync marker is drawn at random for each file, the inode tells copies apart and
// the marker in turn tells files apart that got the same inode one after the other.
// What is no container file has no identity: the reader will say what is wrong with it.
func identity(r io.Reader, path string, info fs.FileInfo) string {
	marker, err := avro.ReadMarker(r)
	if err != nil {
		return ""
	}
	if n := inode(info); n != 0 {
		return fmt.Sprintf("%s-%d", hex.EncodeToString(marker[:]), n)
	}
	return hex.EncodeToString(marker[:]) + "-" + path
}
