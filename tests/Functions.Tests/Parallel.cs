// Most of the time is spent waiting for storage and timers, and every class has a hub of its own.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
