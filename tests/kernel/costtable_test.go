package kernel

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cost is what one call, or a few that belong together, costs in instructions.
type cost struct {
	Call string
	// Bare is the call alone; Empty and Capture are what is added to that by a program on sys_exit
	// that does nothing, and by the capture.
	Bare, Empty, Capture int
}

// kernelCosts are the costs on one kernel.
type kernelCosts struct {
	Kernel, Version string
	Calls           []cost
}

// costTable is the content of docs/kernel-cost.md: a text, then a section for each kernel.
type costTable struct {
	preface string
	kernels []kernelCosts
}

const (
	sectionMark = "## "
	tableHead   = "| call | alone | empty program | capture |\n|---|---|---|---|\n"
)

// parseCosts reads a table.
func parseCosts(text string) (*costTable, error) {
	table := new(costTable)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		n := len(table.kernels)
		title, isTitle := strings.CutPrefix(line, sectionMark)
		switch {
		case isTitle:
			name, version, ok := strings.Cut(title, ", Linux ")
			if !ok {
				return nil, fmt.Errorf("title %q is not NAME, Linux VERSION", title)
			}
			table.kernels = append(table.kernels, kernelCosts{Kernel: name, Version: version})
		case n == 0:
			table.preface += line + "\n"
		case strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| call "):
			c, err := parseCost(line)
			if err != nil {
				return nil, err
			}
			table.kernels[n-1].Calls = append(table.kernels[n-1].Calls, c)
		}
	}
	return table, nil
}

func parseCost(line string) (cost, error) {
	cells := strings.Split(strings.Trim(line, "| "), " | ")
	if len(cells) != 4 {
		return cost{}, fmt.Errorf("row %q: must have 4 cells", line)
	}
	var n [3]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(strings.TrimPrefix(cells[1+i], "+")); err != nil {
			return cost{}, fmt.Errorf("row %q: %w", line, err)
		}
	}
	return cost{Call: cells[0], Bare: n[0], Empty: n[1], Capture: n[2]}, nil
}

// readCosts reads a file.
func readCosts(path string) (*costTable, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	table, err := parseCosts(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return table, nil
}

// write replaces a file.
func (t *costTable) write(path string) error {
	return os.WriteFile(path, []byte(t.markdown()), 0o644)
}

// of returns the costs on a kernel, nil when there are none.
func (t *costTable) of(kernel string) *kernelCosts {
	i := slices.IndexFunc(t.kernels, func(k kernelCosts) bool { return k.Kernel == kernel })
	if i < 0 {
		return nil
	}
	return &t.kernels[i]
}

// put adds the costs on a kernel, or replaces them.
func (t *costTable) put(costs kernelCosts) {
	if known := t.of(costs.Kernel); known != nil {
		*known = costs
		return
	}
	t.kernels = append(t.kernels, costs)
	slices.SortFunc(t.kernels, func(a, b kernelCosts) int { return order(a.Kernel) - order(b.Kernel) })
}

// order sorts kernels as kernels.txt does.
func order(kernel string) int { return slices.Index(names(), kernel) }

func (t *costTable) markdown() string {
	var b strings.Builder
	b.WriteString(t.preface)
	for i := range t.kernels {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(t.kernels[i].markdown())
	}
	return b.String()
}

func (k *kernelCosts) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s, Linux %s\n\n%s", sectionMark, k.Kernel, k.Version, tableHead)
	for _, c := range k.Calls {
		fmt.Fprintf(&b, "| %s | %d | %+d | %+d |\n", c.Call, c.Bare, c.Empty, c.Capture)
	}
	return b.String()
}

func TestCostTable(t *testing.T) {
	const text = "# Title\n\n| what | ever |\n|---|---|\n\n## 6.12-amd64, Linux 6.12.1-1\n\n" + tableHead +
		"| getppid | 340 | +133 | +150 |\n| read | 661 | +133 | +240 |\n\n" +
		"## 6.1-amd64, Linux 6.1.2-3\n\n" + tableHead + "| tcp | 21351 | +525 | -3 |\n"
	table, err := parseCosts(text)
	require.NoError(t, err)
	assert.Equal(t, text, table.markdown())
	assert.Equal(t, &kernelCosts{
		Kernel: "6.1-amd64", Version: "6.1.2-3", Calls: []cost{{Call: "tcp", Bare: 21351, Empty: 525, Capture: -3}},
	}, table.of("6.1-amd64"))
	assert.Nil(t, table.of("5.10-amd64"))

	table.put(kernelCosts{Kernel: "6.1-amd64", Version: "6.1.2-4"})
	table.put(kernelCosts{Kernel: "5.10-amd64", Version: "5.10.1-1"})
	assert.Equal(t, "6.1.2-4", table.of("6.1-amd64").Version)
	assert.Equal(t, "5.10-amd64", table.kernels[0].Kernel, "in the order of kernels.txt")

	for _, bad := range []string{
		"## 6.1-amd64\n", "## a, Linux 1\n| read | 1 | 2 |\n", "## a, Linux 1\n| read | 1 | x | 3 |\n",
	} {
		_, err := parseCosts(bad)
		assert.Error(t, err, bad)
	}
}
