package vm

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// Types and permissions of an initramfs' entries, see inode(7).
const (
	modeDir     = 0o040755
	modeFile    = 0o100644
	modeProgram = 0o100755
	modeConsole = 0o020600
)

// An Initramfs is a file system in the making: a cpio archive in the "newc" format, see
// Documentation/driver-api/early-userspace/buffer-format.rst of the kernel. The same calls give the
// same bytes. The zero value is empty.
type Initramfs struct {
	buf   bytes.Buffer
	dirs  map[string]bool
	inode int
}

// Program adds an executable file.
func (fs *Initramfs) Program(name string, content []byte) { fs.file(name, modeProgram, content) }

// File adds a file that everybody may read.
func (fs *Initramfs) File(name string, content []byte) { fs.file(name, modeFile, content) }

// Dir adds a folder, and those above it.
func (fs *Initramfs) Dir(name string) {
	name = strings.Trim(name, "/")
	if name == "" || name == "." || fs.dirs[name] {
		return
	}
	fs.Dir(path.Dir(name))
	if fs.dirs == nil {
		fs.dirs = make(map[string]bool)
	}
	fs.dirs[name] = true
	fs.entry(name, modeDir, 0, 0, nil)
}

func (fs *Initramfs) file(name string, mode int, content []byte) {
	name = strings.Trim(name, "/")
	fs.Dir(path.Dir(name))
	fs.entry(name, mode, 0, 0, content)
}

// entry writes one entry; major and minor are the numbers of a device.
func (fs *Initramfs) entry(name string, mode, major, minor int, content []byte) {
	fs.inode++
	links, check := 1, 0
	fs.buf.WriteString("070701")
	// no owner, no time
	for _, field := range []int{
		fs.inode, mode, 0, 0, links, 0, len(content), 0, 0, major, minor, len(name) + 1, check,
	} {
		fmt.Fprintf(&fs.buf, "%08x", field)
	}
	fs.buf.WriteString(name)
	fs.buf.WriteByte(0)
	fs.pad()
	fs.buf.Write(content)
	fs.pad()
}

func (fs *Initramfs) pad() {
	for fs.buf.Len()%4 != 0 {
		fs.buf.WriteByte(0)
	}
}

// Bytes ends the archive and returns it.
func (fs *Initramfs) Bytes() []byte {
	// the kernel opens the console for init before anything is mounted
	fs.Dir("dev")
	fs.entry("dev/console", modeConsole, 5, 1, nil)
	fs.entry("TRAILER!!!", 0, 0, 0, nil)
	return fs.buf.Bytes()
}
