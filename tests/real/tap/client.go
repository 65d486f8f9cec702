// A program that signs in with golang.org/x/oauth2; it talks as client.mjs does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"

	"golang.org/x/oauth2"
)

type settings struct {
	ClientID              string `json:"client_id"`
	ClientSecret          string `json:"client_secret"`
	RedirectURI           string `json:"redirect_uri"`
	RedirectURIAtExchange string `json:"redirect_uri_at_exchange"`
	AuthorizationEndpoint string `json:"authorization_endpoint"`
	TokenEndpoint         string `json:"token_endpoint"`
	APIURL                string `json:"api_url"`
}

func signIn(in *bufio.Reader) error {
	line, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	var given settings
	if err := json.Unmarshal([]byte(line), &given); err != nil {
		return err
	}
	config := &oauth2.Config{
		ClientID:     given.ClientID,
		ClientSecret: given.ClientSecret,
		RedirectURL:  given.RedirectURI,
		Scopes:       []string{"read:user"},
		Endpoint: oauth2.Endpoint{
			AuthURL:  given.AuthorizationEndpoint,
			TokenURL: given.TokenEndpoint,
		},
	}
	fmt.Println(config.AuthCodeURL("a-state-of-some-length"))
	line, err = in.ReadString('\n')
	if err != nil {
		return err
	}
	back, err := url.Parse(strings.TrimSpace(line))
	if err != nil {
		return err
	}
	config.RedirectURL = given.RedirectURIAtExchange
	token, err := config.Exchange(context.Background(), back.Query().Get("code"))
	if err != nil {
		return err
	}
	answer, err := config.Client(context.Background(), token).Get(given.APIURL + "/user")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return fmt.Errorf("the API says %s", answer.Status)
	}
	return nil
}

func main() {
	if err := signIn(bufio.NewReader(os.Stdin)); err != nil {
		fmt.Println("failed:", strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Println("signed in")
}
