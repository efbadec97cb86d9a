#!/bin/bash
# Workers of one study as a Slurm job array. SHARED is a folder that all nodes see, with the program in app/.
#   SHARED=/shared/lenet sbatch slurm.sh --data cifar10 --data-dir /shared/data --threads 4 --parallel 4
# Every task takes trials until none is left. A task whose node dies, or that is preempted, is started again.
#SBATCH --job-name=study
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@120
#SBATCH --output=worker-%A_%a.log
#SBATCH --open-mode=append

program=${PROGRAM:-$SHARED/app/Part1b.Cifar10Study.dll}

# exec: the program itself gets Slurm's SIGTERM. It publishes its state, gives its trials back, and ends with 130.
# srun does not take the number of cores from sbatch since Slurm 22.05.
exec srun --kill-on-bad-exit=0 --cpus-per-task="$SLURM_CPUS_PER_TASK" dotnet "$program" "$@" \
    --ledger "$SHARED/ledger" \
    --out "$SHARED/study-$SLURM_ARRAY_TASK_ID"
