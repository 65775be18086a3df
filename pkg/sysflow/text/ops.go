package text

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// OpsWidth is the width of the positional form of AppendOps.
const OpsWidth = 11

type opWord struct {
	op   sysflow.OpFlags
	word string
}

// The orders and spellings are those of sysprint.
var (
	fileWords = [...]opWord{
		{sysflow.OpMkdir, "MKDIR"},
		{sysflow.OpRmdir, "RMDIR"},
		{sysflow.OpLink, "LINK"},
		{sysflow.OpSymlink, "SYMLINK"},
		{sysflow.OpUnlink, "UNLINK"},
		{sysflow.OpRename, "RENAME"},
	}
	processWords = [...]opWord{
		{sysflow.OpClone, "CLONE"}, {sysflow.OpExec, "EXEC"}, {sysflow.OpExit, "EXIT"}, {sysflow.OpSetuid, "SETUID"},
	}
	letters = [OpsWidth]struct {
		op     sysflow.OpFlags
		letter byte
	}{
		{sysflow.OpOpen, 'O'},
		{sysflow.OpAccept, 'A'},
		{sysflow.OpConnect, 'C'},
		{sysflow.OpWriteSend, 'W'},
		{sysflow.OpReadRecv, 'R'},
		{sysflow.OpSetns, 'N'},
		{sysflow.OpMmap, 'M'},
		{sysflow.OpShutdown, 'S'},
		{sysflow.OpClose, 'C'},
		{sysflow.OpTruncate, 'T'},
		{sysflow.OpDigest, 'D'},
	}
)

const (
	anyFileWord = sysflow.OpMkdir | sysflow.OpRmdir | sysflow.OpLink |
		sysflow.OpSymlink | sysflow.OpUnlink | sysflow.OpRename
	anyProcessWord = sysflow.OpClone | sysflow.OpExec | sysflow.OpExit | sysflow.OpSetuid
	// anyNewWord are the operations since version 6, which sysprint does not know.
	anyNewWord = (sysflow.OpDup<<1 - sysflow.OpPtrace) &^ (1 << 31)
)

// AppendOps appends operations as sysprint shows them. Operations on names and on
// processes are words (several are joined without a separator), and so are those since version 6
// (joined by "|"); anything else is a string of OpsWidth positions, each a letter or blank:
//
//	O open     A accept  C connect   W write, send  R read, receive  N setns
//	M mmap     S shutdown  C close   T ended without close  D digest
func AppendOps(dst []byte, ops sysflow.OpFlags) []byte {
	switch {
	case ops&anyFileWord != 0:
		return appendWords(dst, ops, fileWords[:])
	case ops&anyProcessWord != 0:
		return appendWords(dst, ops, processWords[:])
	case ops&anyNewWord != 0:
		return append(dst, (ops & anyNewWord).String()...)
	}
	for _, l := range letters {
		if ops&l.op != 0 {
			dst = append(dst, l.letter)
		} else {
			dst = append(dst, ' ')
		}
	}
	return dst
}

func appendWords(dst []byte, ops sysflow.OpFlags, words []opWord) []byte {
	for _, w := range words {
		if ops&w.op != 0 {
			dst = append(dst, w.word...)
		}
	}
	return dst
}
