#!/bin/sh
# start-grafana.sh COMMAND …: starts Grafana so that nobody can guess the password of its user admin.
#
# The password stands in $GRAFANA_ADMIN_PASSWORD_FILE. Without that file it is a random one, kept in
# $GF_PATHS_DATA/admin-password and never logged. Left alone, Grafana would take "admin", also for an empty file.
# It reads the password once, when it makes the user at its first start.
set -eu

say() { echo "start-grafana: $*" >&2; }

give_up() {
  say "$*"
  exit 1
}

given=${GRAFANA_ADMIN_PASSWORD_FILE:-}
kept=$GF_PATHS_DATA/admin-password

if [ -n "$given" ] && [ -e "$given" ]; then
  [ -r "$given" ] || give_up "cannot read $given as user $(id -u): chown it to that user"
  case $(tr -d '[:space:]' <"$given") in
    '') give_up "$given is empty: write the password of admin into it, or remove it for a random one" ;;
    admin) give_up "$given says admin, which everybody would try first: choose another password" ;;
  esac
  [ ! -e "$kept" ] || say "admin keeps the password of the first start; to change it:" \
    "docker compose exec grafana grafana cli admin reset-admin-password NEW_PASSWORD"
  file=$given
else
  if [ ! -s "$kept" ]; then
    random=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
    [ "${#random}" -eq 24 ] || give_up "cannot make a random password from /dev/urandom"
    (umask 077 && printf '%s\n' "$random" >"$kept")
  fi
  say "sign in as admin; this prints the password of the first start: docker compose exec grafana cat $kept"
  file=$kept
fi

# Grafana reads the file itself: the password stands in no environment.
export GF_SECURITY_ADMIN_PASSWORD="\$__file{$file}"
exec "$@"
