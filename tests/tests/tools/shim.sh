#!/bin/sh
# Stands for the command as which it is linked into a folder: logs its arguments there, then does what the text of
# that name says. It is linked, and its text only read, because a program that writes an executable file and starts
# processes in several threads now and then finds its own file "busy".
folder=$(dirname "$0")
name=$(basename "$0")
echo "$name $*" >>"$folder/log.txt"
# shellcheck disable=SC1090  # the text is the test's own
. "$folder/$name.txt"
