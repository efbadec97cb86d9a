#!/bin/sh
# Workers of one study on several hosts, by plain ssh. SHARED is a folder that all hosts see, with the program in app/.
#   ./ssh.sh start host1 host2 host3
#   ./ssh.sh stop  host1 host2 host3      (SIGTERM: each publishes its state and gives its trials back)
set -eu

shared=${SHARED:-/shared/lenet}
program=${PROGRAM:-"dotnet $shared/app/Part1b.Cifar10Study.dll --data cifar10 --data-dir /shared/data --threads 4 --parallel 4"}

command=$1
shift
for host in "$@"; do
    folder=lenet/$host # in the user's home; its own for each host, also where hosts have the home in common
    case $command in
        start)
            ssh "$host" "mkdir -p $folder && cd $folder && {
                nohup $program --ledger $shared/ledger --out study >worker.log 2>&1 </dev/null & echo \$! >worker.pid; }"
            ;;
        stop)
            ssh "$host" "kill -TERM \$(cat $folder/worker.pid)"
            ;;
        *)
            echo "usage: $0 start|stop HOST..." >&2
            exit 2
            ;;
    esac
done
