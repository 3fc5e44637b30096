namespace Rotunda.World.Tests;

/// <summary>Makes what is there before Rotunda comes: one credential in use, at all places.</summary>
internal static class WorldBeginning
{
    public static void Of(WorldRun world, Unit unit)
    {
        foreach (var target in unit.Policy.Targets)
        {
            unit.Places[target.Name] = new Place();
        }

        if (unit.Kind == UnitKind.Leases)
        {
            return;
        }

        if (unit.Kind is UnitKind.Accounts or UnitKind.Account)
        {
            world.Take(unit, $"{Vendors.Canary}first{unit.Number}", "a", 0);
        }
        else
        {
            world.Mint(unit, null, 0);
        }

        foreach (var place in unit.Places.Values)
        {
            place.Text = place.Loaded = unit.Credentials[0].Value;
        }

        unit.Hold(world.True);
        unit.Promoted.Add(0);
    }
}
