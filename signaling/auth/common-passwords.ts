/**
 * The first that anybody tries, of those long enough to be taken otherwise. Lower case, from the lists that are
 * published after every break-in.
 */
export const COMMON_PASSWORDS = `
12345678 123456789 1234567890 0123456789 87654321 987654321 9876543210 11223344 12341234 12344321 123123123
112233445566 123321123 1234554321 147258369 159753456 123456123 123456654321 789456123 456789123 741852963
963852741 147852369 159357456 12121212 10203040 1029384756 13579246 24681012 31415926 314159265 27182818 00112233
01234567 01012000 01011990 01011980 01011991 01012001 20202020 19891989 19901990 20002000 123454321 1234567891
12345678910 1234567a 12345678a 123456789a 1234567890a a1234567 a12345678 a123456789 1a2b3c4d 1q2w3e4r 1q2w3e4r5t
1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 1qaz!qaz !qaz2wsx zaq12wsx zaq1zaq1 zaq1xsw2 qazwsxedc qazwsx123
qaz123wsx qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty 1qwertyuiop
qwertzui qwertzuiop azertyui azertyuiop asdfghjk asdfghjkl asdfasdf asdf1234 asdfqwer asdasdasd zxcvbnm1 zxcvbnm123
zxcvzxcv zxcvbnmm qweasdzxc qweasd123 qwe123qwe qweqweqwe 123qweasd 123qwe123 123qweasdzxc q1w2e3r4 q1w2e3r4t5
q1w2e3r4t5y6 q123456789 w1234567 abcd1234 abc12345 abc123456 abc123abc abcdefgh abcdefghi abcdefghij abcdefg1
abcdabcd abcd12345 aa123456 aa12345678 aaa11111 aabbccdd ab123456 a1b2c3d4 a1a2a3a4 aaaaaaa1 11111111a
password passwort passw0rd p@ssw0rd p@ssword pa55word pa55w0rd password1 password2 password3 password! password1!
password12 password123 password1234 password12345 password01 password11 password99 password@123 passwordpassword
mypassword yourpassword thepassword nopassword newpassword oldpassword drowssap wordpass passpass pass1234
pass12345 passme123 p4ssw0rd passw0rd1 passw0rd! motdepasse contrasena contraseña geheim123 hallo123 hallowelt
kennwort lozinka123 parola123 senha123 haslo123 heslo123 wachtwoord wachtwoord1 salasana losenord lösenord
changeme changeme1 changeme123 changeit letmein1 letmein12 letmein123 letmein! letmeinnow opensesame trustno1
welcome1 welcome12 welcome123 welcome2 welcome! welcome01 willkommen bienvenue admin123 admin1234 admin12345
administrator adminadmin admin@123 admin123! rootroot root1234 toortoor superuser sysadmin user1234 username
test1234 test12345 testtest testing1 testing123 tester123 temp1234 temppass guest123 guestguest demo1234 default1
secret12 secret123 topsecret supersecret security sekret123 login123 access14 master12 master123 mastermind
iloveyou iloveyou1 iloveyou2 iloveyou! iloveyou12 iloveyou123 iloveu123 loveyou1 lovelove loveme123 lover123
ilovehim iloveher ilovemom iloveme1 iloveme2 sweetheart sweetie1 princess princess1 princess12 princesa butterfly
butterfly1 sunshine sunshine1 sunshine2 sunflower rainbow1 starlight moonlight summer12 summer123 summer2020
summer2021 summer2022 summer2023 summer2024 summer2025 winter123 winter2023 winter2024 winter2025 spring2024
spring2025 autumn2024 autumn2025 january1 february september september1 november december december1
football football1 football12 football123 baseball baseball1 basketball basketball1 softball volleyball hockey123
soccer12 soccer123 swimming liverpool liverpool1 chelsea1 chelsea123 arsenal1 arsenal123 manchester manutd123
barcelona barcelona1 realmadrid juventus galatasaray fenerbahce besiktas steelers yankees1 lakers24 cowboys1
superman superman1 batman123 spiderman spiderman1 ironman1 wolverine captain1 starwars starwars1 skywalker
darthvader pokemon1 pokemon123 pikachu1 minecraft minecraft1 fortnite fortnite1 roblox123 runescape playstation
nintendo xbox360x warcraft counterstrike dragonball dragon12 dragon123 dragon1234 naruto123 sasuke123 gandalf1
samsung1 samsung123 iphone12 android1 computer computer1 internet internet1 google123 facebook facebook1 youtube1
microsoft windows1 linux123 apple123 spotify1 netflix1 netflix123 whatever whatever1 whocares blahblah nothing1
michael1 michelle michelle1 jennifer jennifer1 jessica1 jessica123 jordan23 jordan123 ashley12 ashley123 amanda12
anthony1 andrew123 daniel12 daniel123 charlie1 charlie123 christian christina christopher patrick1 william1
nicholas benjamin jonathan alexander alexandra alexander1 victoria victoria1 veronica samantha samantha1 elizabeth
elizabeth1 stephanie margaret isabella gabriela gabriel1 francisco fernando fernanda alejandro valentina natalia1
hannah123 thomas123 robert123 richard1 matthew1 joshua123 brandon1 jasmine1 vanessa1 danielle danielle1 caroline
mercedes mercedes1 ferrari1 porsche1 porsche911 corvette mustang1 mustang123 harley123 yamaha123 chevrolet
elephant dolphin1 dolphins tinkerbell chocolate chocolate1 cupcake1 cookie123 cheesecake strawberry blueberry
pineapple peaches1 cinnamon pumpkin1 snickers scooby123 snoopy123 garfield hellokitty kitty123 kittycat doggy123
blink182 metallica metallica1 slipknot slipknot1 nirvana1 greenday eminem123 beatles1 rockstar rockstar1 rocknroll
american america1 brooklyn canada123 california newyork1 newyork123 london123 paris123 deutschland france98 russia123
babygirl babygirl1 babyboy1 baby1234 beautiful beautiful1 gorgeous handsome prettygirl cutiepie fuckyou1 fuckyou2
fuckyou! fuckyou123 fuckoff1 asshole1 bullshit biteme123 maverick phoenix1 warrior1 champion champion1 jesus123
jesuschrist godisgood blessed1 blessing hello123 hello1234 hellohello helloworld hello12345 goodluck lucky123
correcthorsebatterystaple keyboard keyboard1 monkey12 monkey123 shadow12 shadow123 hunter12 hunter123 ranger123
tigger12 tigger123 buster123 killer12 killer123 ginger12 pepper12 pepper123 maggie12 bailey12 cowboy123 eagles123
bigdaddy daddy123 mommy123 mother12 family123 friends1 friends123 forever1 forever21 freedom1 freedom123 junior12
qazwsxedcrfv 1234qwer 1234abcd 1234asdf 4321rewq qwer1234 qwer4321 asdf4321 zxcv1234 wasd1234 123abc123 123456ab
123456abc 12345qwert 12345abc 12345qwe 123456qwerty 123456qw 1234567q 11112222 22223333 12131415 88888888a
matinee1 matinee123 movienight moviefilm cinema123 watchparty watchtogether
`.trim()
