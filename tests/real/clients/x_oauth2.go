// golang.org/x/oauth2, as its documentation shows it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"

	"golang.org/x/oauth2"
)

func main() {
	base, redirect := os.Getenv("BASE"), os.Getenv("REDIRECT_URI")
	config := &oauth2.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		RedirectURL:  redirect,
		Scopes:       []string{"read:user"},
		Endpoint: oauth2.Endpoint{
			AuthURL:  base + "/login/oauth/authorize",
			TokenURL: base + "/login/oauth/access_token",
		},
	}
	fmt.Println("open", config.AuthCodeURL("a-state"))
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	back, err := url.Parse(line[:len(line)-1])
	if err != nil {
		log.Fatal(err)
	}
	code := back.Query().Get("code")
	if os.Getenv("SLIP") == "mismatch" {
		config.RedirectURL = redirect + "/other"
	}
	if os.Getenv("SLIP") == "spent" {
		if _, err := config.Exchange(context.Background(), code); err != nil {
			log.Fatal(err)
		}
	}
	token, err := config.Exchange(context.Background(), code)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := config.Client(context.Background(), token).Get(base + "/user")
	if err != nil {
		log.Fatal(err)
	}
	var user struct{ Login string }
	if err := json.NewDecoder(answer.Body).Decode(&user); err != nil {
		log.Fatal(err)
	}
	fmt.Println("login", user.Login)
}
