# Whether files fit into a bucket: a calculator on the page of its usage.

title = Will it fit?
size = Size of all files
unit = Unit
files = Number of files
replaced = Of these, in place of files that are there
ask = Will it fit?
no-number = Give the size and the numbers as digits, such as 1.5 or 20.
fits = It fits: { $files ->
    [one] 1 file of { $average }.
   *[other] { $files } files of { $average } on average.
} { $left } stay free.
soft = It fits, but passes the soft quota: { $percent } % of the quota are taken then, and { $left } stay free. Administrators are told.
tight = It fits only file by file: for a while old and new are both there, and together they are more than the quota. In the end { $left } stay free.
short = It does not fit: { $missing } are missing. The store refuses what goes beyond the quota.
too-large = No object is larger than 5 TB, and these have { $average } on average.
no-quota = No quota of this bucket is told here: what limits it is not known.
not-told = The store does not tell how much this bucket holds, so nobody can say whether it fits.
not-known = What this does not know
counted-late = The store counts what a bucket holds now and then: what was stored or deleted a moment ago may be missing.
keeps-versions = This bucket keeps versions, or has kept them: what is replaced stays and takes room until it is pruned.
keeps-none = This bucket keeps no versions: what is replaced goes once the new file is there.
versions-unknown = Whether this bucket keeps versions is not known: it is taken for one that does.
beside = Unfinished uploads and custom metadata take room too, and so does what others store meanwhile.
blocks = The store counts space in whole blocks, with what it keeps beside the bytes: many small files take more than their size.
of-tenant = The tenant has a quota of its own, which may be reached before that of the bucket.
