# Inställningarna av en bucket.

settings = Inställningar
title = { $bucket } · Inställningar
is-a-namespace = Det här är inställningar för namnrymden bakom bucketen.
all-settings = Namnrymdens alla inställningar
classes = Namnrymdens klasser: { $names }.
no-classes = Namnrymden har inga bevarandeklasser.
only-s3 = Det här lagret berättar och tar inte emot fler inställningar än dessa via S3.
only-s3-for-you = Bevarande, taggar, ägare och de andra inställningarna berättas bara för tenantens administratörer och övervakare.
danger-zone = Riskområde
empty = Töm bucketen…
empty-means = Allt i bucketen försvinner, med alla gamla versioner. Bucketen och dess inställningar är kvar.
delete = Radera bucketen…
delete-means = Bucketen försvinner, med allt i den och alla dess inställningar.

empty-title = Töm { $bucket }
empty-now = Töm bucketen
counting = Räknar vad som finns i den…
not-counted = Det gick inte att räkna.
wait-for-count = Servern räknar fortfarande
is-empty = Det finns ingenting i den
plan = Versioner: { $versions }. Borttagningsmarkörer: { $markers }. Tillsammans { $bytes }.
kept = { $count ->
    [one] 1 av dem är skyddad eller spärrad och blir kvar, så långt det undersöktes.
   *[other] { $count } av dem är skyddade eller spärrade och blir kvar, så långt det undersöktes.
}
nothing-brings-back = Ingenting får tillbaka det som försvinner.
uploads-stay = Oavslutade uppladdningar blir kvar. De avbryts på sin egen sida:
type-to-confirm = Skriv { $bucket } för att bekräfta
type-first = Skriv bucketens namn först
running = Raderar: { $done } hittills. Det fortsätter i bakgrunden om du lämnar sidan.
emptied = { $count ->
    [one] Bucketen är tom: 1 radering.
   *[other] Bucketen är tom: { $count } raderingar.
}
stayed = { $count ->
    [one] 1 blev kvar, { $done } är borta.
   *[other] { $count } blev kvar, { $done } är borta.
}
why = Varför de blev kvar
