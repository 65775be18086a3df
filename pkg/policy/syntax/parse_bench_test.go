package syntax

import "testing"

const benchCondition = `evt.type in (open, openat, openat2) and evt.is_open_read=true and fd.typechar='f' and fd.num>=0
  and (fd.name startswith /etc/shadow or fd.name in (/etc/sudoers, /etc/pam.conf, "/etc/security/pwquality.conf"))
  and not proc.name in (sshd, systemd, "systemd-logind", login) and not proc.aname[2] in (cron, crond)
  and not (proc.cmdline contains "/usr/share/lighttpd/create-mime.conf.pl" or user_known_read_activities)`

func BenchmarkParseCondition(b *testing.B) {
	at := inText("rules.yaml", benchCondition)
	b.SetBytes(int64(len(benchCondition)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseCondition(benchCondition, at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseFalcoRules(b *testing.B) {
	texts := conditions(b, "falco_rules.yaml")
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			if _, err := ParseCondition(text, nowhere); err != nil {
				b.Fatal(err)
			}
		}
	}
}
