using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Rotunda.Testing.EngineFaults;

/// <summary>
/// A file system for SQLite that fails when told to. It stands as the process's default in front of the operating system's
/// own: files without a plan go straight through, those with one get their own table of methods. Layouts and codes are those
/// of sqlite3.h (sqlite3_vfs, sqlite3_io_methods) on 64-bit systems.
/// </summary>
public static class FaultyDisk
{
    private const int Ok = 0;
    private const int Busy = 5;
    private const int DiskFull = 13;
    private const int ReadFailed = 10 | (1 << 8);
    private const int WriteFailed = 10 | (3 << 8);
    private const int SyncFailed = 10 | (4 << 8);

    // Offsets in bytes. The first int of both structures is their version.
    private const int VfsSize = 168;
    private const int VfsNext = 16;
    private const int VfsName = 24;
    private const int VfsOpen = 40;
    private const int MethodsSize = 152;
    private const int MethodClose = 8;
    private const int MethodRead = 16;
    private const int MethodWrite = 24;
    private const int MethodTruncate = 32;
    private const int MethodSync = 40;
    private const int MethodLock = 56;
    private const int MethodShmLock = 112;

    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<DiskFaultPlan, bool> Plans = new();
    private static readonly ConcurrentDictionary<IntPtr, DiskFaultPlan> Files = new();

    // Kept for the process's life: native code holds pointers to them.
    private static readonly Dictionary<IntPtr, IntPtr> Tables = [];
    private static readonly ConcurrentBag<Delegate> Kept = [];
    private static OpenCall? _open;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int InitializeCall();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr FindCall(IntPtr name);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RegisterCall(IntPtr vfs, int makeDefault);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int OpenCall(IntPtr vfs, IntPtr name, IntPtr file, int flags, IntPtr outFlags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int CloseCall(IntPtr file);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TransferCall(IntPtr file, IntPtr buffer, int amount, long offset);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TruncateCall(IntPtr file, long size);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int FlagsCall(IntPtr file, int flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ShmLockCall(IntPtr file, int offset, int count, int flags);

    /// <summary>From now on, until disposed, the plan's file fails as planned. Files that are open already do not.</summary>
    public static IDisposable Use(DiskFaultPlan plan)
    {
        Install();
        Plans[plan] = true;
        return new InUse(plan);
    }

    private static void Install()
    {
        lock (Gate)
        {
            if (_open is not null)
            {
                return;
            }

            // The very library that the engine loads: searched for in the same places.
            var library = NativeLibrary.Load("e_sqlite3", typeof(SQLite3Provider_e_sqlite3).Assembly, searchPath: null);
            var find = Function<FindCall>(NativeLibrary.GetExport(library, "sqlite3_vfs_find"));
            var register = Function<RegisterCall>(NativeLibrary.GetExport(library, "sqlite3_vfs_register"));
            var initialize = Function<InitializeCall>(NativeLibrary.GetExport(library, "sqlite3_initialize"));
            Check(initialize());
            var vfs = Copy(find(IntPtr.Zero), VfsSize);
            _open = Function<OpenCall>(Marshal.ReadIntPtr(vfs, VfsOpen));
            Marshal.WriteIntPtr(vfs, VfsNext, IntPtr.Zero);
            Marshal.WriteIntPtr(vfs, VfsName, Marshal.StringToCoTaskMemUTF8("faulty"));
            Put<OpenCall>(vfs, VfsOpen, Open);
            Check(register(vfs, 1));
        }
    }

    private static int Open(IntPtr vfs, IntPtr name, IntPtr file, int flags, IntPtr outFlags)
    {
        var code = _open!(vfs, name, file, flags, outFlags);
        if (code == Ok
            && name != IntPtr.Zero
            && Marshal.PtrToStringUTF8(name) is { } path
            && Plans.Keys.FirstOrDefault(p => p.Covers(path)) is { } plan)
        {
            Files[file] = plan;
            Marshal.WriteIntPtr(file, TableFor(Marshal.ReadIntPtr(file)));
        }

        return code;
    }

    private static IntPtr TableFor(IntPtr original)
    {
        lock (Gate)
        {
            return Tables.TryGetValue(original, out var table) ? table : Tables[original] = MakeTable(original);
        }
    }

    private static IntPtr MakeTable(IntPtr original)
    {
        var close = Original<CloseCall>(MethodClose);
        var read = Original<TransferCall>(MethodRead);
        var write = Original<TransferCall>(MethodWrite);
        var truncate = Original<TruncateCall>(MethodTruncate);
        var sync = Original<FlagsCall>(MethodSync);
        var locked = Original<FlagsCall>(MethodLock);
        var shmLock = Original<ShmLockCall>(MethodShmLock);
        var table = Copy(original, MethodsSize);
        // Version 2: without memory mapping, which would read past these methods.
        Marshal.WriteInt32(table, 2);
        Put<CloseCall>(table, MethodClose, file => Close(close, file));
        Put<TransferCall>(table, MethodRead, (file, buffer, amount, offset) =>
            Files[file].Strikes(DiskFault.ReadError) ? ReadFailed : read(file, buffer, amount, offset));
        Put<TransferCall>(table, MethodWrite, (file, buffer, amount, offset) => Write(write, file, buffer, amount, offset));
        Put<TruncateCall>(table, MethodTruncate, (file, size) =>
            Files[file].Strikes(DiskFault.WriteError) ? WriteFailed : truncate(file, size));
        Put<FlagsCall>(table, MethodSync, (file, flags) => Files[file].Strikes(DiskFault.SyncError) ? SyncFailed : sync(file, flags));
        Put<FlagsCall>(table, MethodLock, (file, level) => Files[file].Strikes(DiskFault.Busy) ? Busy : locked(file, level));
        // Flag 2 is taking a lock; giving one back cannot be busy.
        Put<ShmLockCall>(table, MethodShmLock, (file, offset, count, flags) =>
            (flags & 2) != 0 && Files[file].Strikes(DiskFault.Busy) ? Busy : shmLock(file, offset, count, flags));
        return table;

        T Original<T>(int offset)
            where T : Delegate => Function<T>(Marshal.ReadIntPtr(original, offset));
    }

    private static int Close(CloseCall close, IntPtr file)
    {
        // First: the memory may be another file's right after.
        Files.TryRemove(file, out _);
        return close(file);
    }

    private static int Write(TransferCall write, IntPtr file, IntPtr buffer, int amount, long offset)
    {
        var plan = Files[file];
        if (!plan.Strikes(DiskFault.ShortWrite, DiskFault.Full, DiskFault.WriteError))
        {
            return write(file, buffer, amount, offset);
        }

        if (plan.Fault == DiskFault.ShortWrite)
        {
            _ = write(file, buffer, amount / 2, offset);
        }

        return plan.Fault == DiskFault.Full ? DiskFull : WriteFailed;
    }

    private static IntPtr Copy(IntPtr source, int size)
    {
        var bytes = new byte[size];
        Marshal.Copy(source, bytes, 0, size);
        var copy = Marshal.AllocHGlobal(size);
        Marshal.Copy(bytes, 0, copy, size);
        return copy;
    }

    private static T Function<T>(IntPtr pointer)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(pointer);

    private static void Put<T>(IntPtr structure, int offset, T function)
        where T : Delegate
    {
        Kept.Add(function);
        Marshal.WriteIntPtr(structure, offset, Marshal.GetFunctionPointerForDelegate(function));
    }

    private static void Check(int code)
    {
        if (code != Ok)
        {
            throw new InvalidOperationException($"SQLite refused the file system: {code}");
        }
    }

    private sealed class InUse(DiskFaultPlan plan) : IDisposable
    {
        public void Dispose() => Plans.TryRemove(plan, out _);
    }
}
