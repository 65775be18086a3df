#!/bin/bash
# What happens in the sample trace: notes are written, copied and renamed, a page is served
# and fetched, a command runs as another user, and a program does what rules alert about. The
# argument is the folder to do it in.
set -eu
cd "$1"

mkdir notes
echo "remember the milk" >notes/today
cp notes/today notes/yesterday
mv notes/yesterday notes/old
ln -s today notes/latest
rm notes/old
ls notes >listing

# A server for one visitor, and the visitor.
perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) or die;
    open my $port, ">", "port.new" or die;
    print $port $server->sockport;
    close $port;
    rename "port.new", "port" or die;
    my $visitor = $server->accept or die;
    my $wish = <$visitor>;
    open my $page, "<", "notes/today" or die;
    print $visitor "you asked: $wish", <$page>;
    close $visitor;
' &
until [ -e port ]; do read -rt 0.05 <> <(:) || :; done
exec 3<>"/dev/tcp/127.0.0.1/$(cat port)"
echo "today" >&3
cat <&3 >answer
exec 3>&-
wait

# Somebody else may read, but not write.
setpriv --reuid=nobody --regid=nogroup --clear-groups cat answer
setpriv --reuid=nobody --regid=nogroup --clear-groups rm -f answer || :

# Something for the rules: a program from shared memory reads the password hashes.
trap 'rm -f /dev/shm/sysflow-sample' EXIT
cp /bin/cat /dev/shm/sysflow-sample
/dev/shm/sysflow-sample /etc/shadow >/dev/null
