# Starts a user's systemd in the namespaces that this runs in, has the program install its service there, and tells how
# the service fares. Its words are the program and a name for a group of processes, which is taken away again.
set -eu
program=$1 group=/sys/fs/cgroup/$2
mount -t tmpfs none /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
mount -t cgroup2 none /sys/fs/cgroup
mkdir "$group"
echo $$ >"$group/cgroup.procs"
/lib/systemd/systemd --user &
manager=$!
looks=0
until systemctl --user show-environment >/dev/null 2>&1; do
    looks=$((looks + 1))
    [ "$looks" -lt 600 ]
    sleep 0.1
done

is() { systemctl --user show stint.service --property="$1" --value; }
"$program" service install >&2
echo "installed: $(is Type) $(is ActiveState) $(is StatusText) $(is WatchdogUSec)"
"$program" service status | head -n 1 | cut -d, -f1
"$program" start "In a service"
systemctl --user reload stint.service
echo "reloaded: $(is ActiveState) $(is NRestarts)"
kill -KILL "$(is MainPID)"
until [ "$(is NRestarts)" = 1 ] && [ "$(is ActiveState)" = active ]; do sleep 0.1; done
echo "started again: $(is ActiveState)"
"$program" service uninstall >&2
echo "gone: $(is ActiveState) $(is LoadState)"
"$program" status --json

kill "$manager"
wait "$manager" || true
echo $$ >/sys/fs/cgroup/cgroup.procs
find "$group" -depth -type d -exec rmdir {} +
