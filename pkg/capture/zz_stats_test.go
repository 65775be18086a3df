//go:build linux && amd64

package capture

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/cilium/ebpf"
)

func TestZZStats(t *testing.T) {
	spec, err := configure(DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile(`processed \d+ insns.*`)
	begin := time.Now()
	c, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{Programs: ebpf.ProgramOptions{LogLevel: ebpf.LogLevelStats}})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("load", time.Since(begin))
	for n, p := range c.Programs {
		fmt.Println(n, re.FindString(p.VerifierLog))
	}
}
