# Erasure coding: systems that each keep a part of an object.
erasure-coding = Erasure coding
topology = Topology
topologies = Topologies
new-topology = New topology
create-topology = Create topology
the-topology-was-created = The topology was created. No object is coded before tenants are added.
topologies-counted = { $count ->
    [one] 1 topology
   *[other] { $count } topologies
}
no-topologies = No topologies. One needs links both ways between 3 to 6 HCP systems.
no-links = There is no link that a topology could be made of. It needs links both ways between 3 to 6 HCP systems: make them under Replication first.
name-help = 1 to 64 characters.
delay = Days until an object is coded
delay-help = 0 to 3,650.
full-copy = Keep a whole copy beside the parts
full-copy-help = One system then has each object whole, which takes more space and reads faster.
smallest = Smallest object that is coded
restore-period = Days that an object stays whole once it was read
restore-help = 0 to 180.
ring = Ring
fully-connected = Each with each other
active = active
retiring = being retired
retired = retired
healthy = healthy
vulnerable = vulnerable
broken = broken
unhealthy = unhealthy
not-replicating = not replicating
systems = Systems
protection = Protection
readable = Reading
coded-objects = Coded objects
paused-tenants = { $count ->
    [one] 1 tenant is paused.
   *[other] { $count } tenants are paused.
}
drawing = Systems: { $systems }. { $count ->
    [one] 1 link between them.
   *[other] { $count } links between them.
}
links-of-it = Links
links-about = The systems are those at the ends of the links. A topology has 3 to 6 of them.
type-of-it = How they are linked
candidates = Links to choose from
three-force = Three systems are always linked each with each other.
fits = These links make a topology.
count = { $count ->
    [one] That is 1 system; a topology has 3 to 6.
   *[other] That is { $count } systems; a topology has 3 to 6.
}
untold = The store does not tell which system is at the other end of { $links }; whether the links make a topology is for the store to say.
missing = The link between { $one } and { $other } is missing.
crowded = { $system } has more than two links, which a ring does not allow.
no-tenants = No tenant is in this topology: no object is coded.
no-candidates = There is no tenant to add. One has to be allowed erasure coding, and be in no other topology.
takes-none = A topology that is retired takes no tenants.
conflicting = Tenants that cannot be added
conflicting-because = They are in another topology, or another tenant of the same name is in their way on one of the systems.
retire = Retire
was-retired = { $name } is being retired.
retire-tenants = { $count ->
    [one] The objects of 1 tenant are not coded any more.
   *[other] The objects of { $count } tenants are not coded any more.
}
retire-whole = Objects that were coded are made whole again on each system, which takes more space than now.
retire-whole-with-copy = Objects that were coded are made whole again on each system that has not the whole copy, which takes more space than now.
retire-for-good = It cannot be made active again.
retire-then-delete = Afterwards it has to be deleted, once no object is coded.
delete-topology = Delete topology
force-delete = Delete by force
force-parts = Objects that are not whole again are left as parts. Those can be lost.
force-one-system = At most one system may be away; else the store refuses.
delete-for-good = It cannot be brought back.
about-retire = Takes the topology out of use: objects are made whole again. It can be deleted once that is done.
about-delete = The topology is retired, and no object is coded.
about-force = The topology is being retired. It can be deleted once that is done; before, by force alone.
about-wait = The topology is retired, and yet has coded objects, or the store does not tell how many. It cannot be deleted before there are none.
about-unknown = The store does not tell in which state the topology is.
objects-unknown = The store does not tell how many objects are coded.
objects-coded = { $count ->
    [one] 1 object is coded now.
   *[other] { $count } objects are coded now.
}
n-4-kb = 4 KB
n-16-kb = 16 KB
n-32-kb = 32 KB
n-64-kb = 64 KB
n-128-kb = 128 KB
n-256-kb = 256 KB
n-512-kb = 512 KB
n-1-mb = 1 MB
