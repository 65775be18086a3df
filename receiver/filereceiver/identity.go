package filereceiver

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

const (
	containerMagic = "Obj\x01"
	// maxHeader bounds what is read in search of a sync marker.
	maxHeader = 1 << 20
	syncSize  = 16
)

var errNoSyncMarker = errors.New("no Avro container header")

// identity names a file for as long as it exists, whatever it is renamed to. The
// sync marker is drawn at random for each file, the inode tells copies apart and
// the marker in turn tells files apart that got the same inode one after the other.
// What is no container file has no identity: the reader will say what is wrong with it.
func identity(r io.Reader, path string, info fs.FileInfo) string {
	marker, err := syncMarker(r)
	if err != nil {
		return ""
	}
	if n := inode(info); n != 0 {
		return fmt.Sprintf("%s-%d", hex.EncodeToString(marker[:]), n)
	}
	return hex.EncodeToString(marker[:]) + "-" + path
}

// syncMarker reads the header of an Avro object container file: the magic, a map
// of strings to bytes in counted blocks, and the marker.
func syncMarker(r io.Reader) (marker [syncSize]byte, err error) {
	in := bufio.NewReader(io.LimitReader(r, maxHeader))
	magic := make([]byte, len(containerMagic))
	if _, err := io.ReadFull(in, magic); err != nil || string(magic) != containerMagic {
		return marker, errNoSyncMarker
	}
	for {
		entries, err := binary.ReadVarint(in)
		if err != nil {
			return marker, errNoSyncMarker
		}
		if entries == 0 {
			break
		}
		if entries < 0 { // the size of the block in bytes follows
			entries = -entries
			if _, err := binary.ReadVarint(in); err != nil {
				return marker, errNoSyncMarker
			}
		}
		for ; entries > 0; entries-- {
			if err := errors.Join(skipBytes(in), skipBytes(in)); err != nil { // key and value
				return marker, errNoSyncMarker
			}
		}
	}
	if _, err := io.ReadFull(in, marker[:]); err != nil {
		return marker, errNoSyncMarker
	}
	return marker, nil
}

// skipBytes skips an Avro string or bytes value.
func skipBytes(in *bufio.Reader) error {
	size, err := binary.ReadVarint(in)
	if err != nil || size < 0 || size > maxHeader {
		return errNoSyncMarker
	}
	_, err = in.Discard(int(size))
	return err
}
