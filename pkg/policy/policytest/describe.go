package policytest

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// describe says which record of the case r is: its number or line, and what happened.
func (c *Case) describe(n int, r *field.Record) string {
	where := fmt.Sprintf("record %d", n+1)
	if n < len(c.lines) {
		where += fmt.Sprintf(" (line %d)", c.lines[n])
	}
	return where + ", " + what(r)
}

// what says in a few words what happened in a record.
func what(r *field.Record) string {
	if r.Kind == sysflow.KindK8sEvent {
		return fmt.Sprintf("KE %s of %s", r.K8sAction, r.K8sKind)
	}
	parts := []string{r.Kind.String(), r.Ops.String()}
	switch r.Kind {
	case sysflow.KindFileFlow, sysflow.KindFileEvent:
		parts = append(parts, r.File.Path)
		if r.NewFile.Path != "" {
			parts = append(parts, "->", r.NewFile.Path)
		}
	case sysflow.KindNetworkFlow, sysflow.KindNetworkEvent:
		source, dest := netip.AddrPortFrom(r.SIP, uint16(r.SPort)), netip.AddrPortFrom(r.DIP, uint16(r.DPort))
		parts = append(parts, source.String(), "->", dest.String())
	}
	if p := r.Process; p != nil {
		parts = append(parts, "by", strings.TrimSpace(p.Exe+" "+p.ExeArgs))
	}
	return strings.Join(parts, " ")
}
