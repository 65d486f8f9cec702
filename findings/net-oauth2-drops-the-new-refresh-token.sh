#!/usr/bin/env bash
#
# Net::OAuth2 0.67 (Debian: libnet-oauth2-perl): a refresh without `expires_in` is refused after
# the server has rotated.
#
# One would expect: RFC 6749, section 5.1: `expires_in` is RECOMMENDED; without it the client
#   knows no end. The first token without it is accepted.
# What happens: a refresh without it dies with "no expires_in found in refresh data", before the
#   new access token and the new refresh token are stored. The old refresh token is spent.
# Why it matters: the message names a missing number, the damage is the lost refresh token: the
#   next try is invalid_grant, and the person has to log in again. The same server works for the
#   first login and fails at the first refresh.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download libnet-oauth2-perl=0.67-1 \
  libjson-maybexs-perl libwww-perl liburi-perl libhttp-message-perl libhttp-date-perl \
  liblwp-mediatypes-perl libencode-locale-perl libnet-http-perl libtimedate-perl \
  libio-html-perl libclone-perl libtry-tiny-perl
for package in *.deb; do dpkg -x "$package" .; done
PERL5LIB=$work/usr/share/perl5:$(dirname "$(find "$work/usr/lib" -name Clone.pm)")
export PERL5LIB

cat > try.pl <<'PERL'
use strict;
use warnings;
use HTTP::Response;
use JSON::PP;
use LWP::UserAgent;
use Net::OAuth2::Profile::WebServer;

package Server { # answers in the place of the network, and rotates
    our @ISA = ('LWP::UserAgent');
    my ($good, %extra) = (undef);
    sub life { shift; %extra = @_ }
    sub request {
        my ($self, $request) = @_;
        my ($given) = $request->content =~ /refresh_token=([^&]+)/;
        my $answer = { error => 'invalid_grant' };
        if (!$given || $given eq $good) {
            $good = $given ? ++$good : 'refresh1';
            $answer = { access_token => "for-$good", token_type => 'bearer', refresh_token => $good, %extra };
        }
        print '  server: ', $given || 'code', ' -> ', $answer->{error} || $good, "\n";
        my $status = $answer->{error} ? 400 : 200;
        return HTTP::Response->new($status, 'x', ['Content-Type' => 'application/json'], JSON::PP::encode_json($answer));
    }
}

package main;
print "Net::OAuth2 $Net::OAuth2::Profile::VERSION\n";
for my $extra ([expires_in => 3600], []) {
    my $agent = Server->new;
    $agent->life(@$extra);
    my $profile = Net::OAuth2::Profile::WebServer->new(
        client_id => 'app', client_secret => 'secret', site => 'http://127.0.0.1', user_agent => $agent,
    );
    print @$extra ? "with expires_in\n" : "without expires_in\n";
    my $token = $profile->get_access_token('code');
    for my $turn (1, 2) {
        my $seen = eval { $profile->update_access_token($token); 1 } ? "refreshed" : $@ =~ s/(?: at \S+ line|\n).*//sr;
        print "  client: $seen, keeps ", $token->refresh_token, "\n";
    }
}
PERL

perl try.pl | tee seen.txt
cat > expected.txt <<'TEXT'
Net::OAuth2 0.67
with expires_in
  server: code -> refresh1
  server: refresh1 -> refresh2
  client: refreshed, keeps refresh2
  server: refresh2 -> refresh3
  client: refreshed, keeps refresh3
without expires_in
  server: code -> refresh1
  server: refresh1 -> refresh2
  client: no expires_in found in refresh data, keeps refresh1
  server: refresh1 -> invalid_grant
  client: failed oauth call update token: received error: 400 x, keeps refresh1
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
