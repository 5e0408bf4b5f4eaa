# Hako-länkar: vad besökare ser av en, listan över ens egna, och dialogen som gör dem.

opens-nothing = Länken öppnar ingenting
opens-nothing-means = Den kan vara felskriven, eller så är dess tid över. Be den som gav dig länken om en ny.
not-now = Går inte just nu
try-again = Försök igen
shared = Delat med dig
shared-with-you = Någon har delat den här filen med dig.
size = Storlek
content-type = Typ
ends = Upphör
download = Ladda ner
password = Lösenord
password-means = Den som gav dig länken har satt ett lösenord.
password-wrong = Lösenordet är fel.
password-wait = { $seconds ->
    [one] För många felaktiga lösenord. Försök igen om en sekund.
   *[other] För många felaktiga lösenord. Försök igen om { $seconds } sekunder.
}
go-on = Fortsätt
send-files = Skicka filer
send-means = Välj filer och skicka dem. Du ser inte vad som finns där, och inget som finns där ersätts.
files = Filer
send = Skicka
stored = { $count ->
    [0] Inget skickades. Välj minst en fil.
    [one] En fil har kommit fram.
   *[other] { $count } filer har kommit fram.
}
not-stored = { $name } har inte kommit fram. { $why }
